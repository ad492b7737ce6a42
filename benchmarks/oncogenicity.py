"""Oncogenicity by the procedure of ClinGen, CGC and VICC, held against two sets of variants.

    APOTHECARY_SHARED=... python benchmarks/oncogenicity.py

The cases are written as a tumor VCF with VEP's CSQ field (`oncogenicity_cases.py`) and run as a
sample through `apothecary run`, with evidence masked that is itself a classification by the
procedure. No threshold was fitted on them, but rules were settled with their misses in view (see
docs/oncogenicity.md): the figures are of a development set. Printed are agreement by three classes
and exact, beside the peers'; the confusion; how much each kind of evidence adds; and for each miss
which codes were missing and which were too many.

No predictors are at hand, and of population frequencies only the common variants of the pack: the
frequency field of CSQ is empty, which reads as absent from populations where the pack does not
know better, and the weak fallback stands in for predictors. What a file with frequencies would
change is printed apart: there the field holds what the codes of the set say of the frequency, so
that this figure takes a part of the answer from the set.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "benchmarks")]

from oncogenicity_cases import Case, horak, manual, vcf  # noqa: E402

from apothecary import schemas, tables  # noqa: E402
from apothecary.knowledge import pack as knowledge  # noqa: E402
from apothecary.knowledge import tsv  # noqa: E402
from apothecary.knowledge.schemas import PACK  # noqa: E402
from apothecary.oncogenes import oncogenicity  # noqa: E402
from apothecary.oncogenes.sop import mechanisms  # noqa: E402
from apothecary.oncogenes.sop.names import ONCOGENICITY_TABLES  # noqa: E402
from apothecary.oncogenes.sop.settings import Settings  # noqa: E402

THREE = {
    "Oncogenic": "oncogenic",
    "Likely Oncogenic": "oncogenic",
    "VUS": "VUS",
    "Likely Benign": "benign",
    "Benign": "benign",
}
CONFIG = """samples: samples.tsv
consent: consent.tsv
oncogenicity:
  mask_classifications: true
"""
# Kinds of evidence, each by the knowledge tables, or rows of them, that hold it.
KINDS: Mapping[str, Sequence[str]] = {
    "CIViC": ("civic_evidence",),
    "UniProt variants": ("pathogenic_changes",),
    "pathogenic loci": ("pathogenic_loci",),
    "population frequencies": ("population_frequencies",),
    "hotspots": ("hotspot_residues",),
    "domains": ("functional_domains",),
    "roles of genes": ("gene_roles", "gene_mechanisms"),
}
Row = dict[str, Any]
Result = Mapping[tuple[Any, ...], Row]


class Without:
    """A knowledge pack without some tables."""

    def __init__(self, pack: knowledge.Pack, names: Iterable[str]) -> None:
        self._pack, self._names = pack, frozenset(names)

    def rows(self, name: str) -> list[Row]:
        """Rows of a table; none of one that is left out."""
        return [] if name in self._names else self._pack.rows(name)


def run(cases: Sequence[Case], folder: Path, *, with_frequencies: bool = False) -> Path:
    """Run the cases as one tumor; gives the results folder."""
    folder.mkdir()
    text = vcf(cases, with_frequencies=with_frequencies)
    (folder / "T.vcf").write_text(text, encoding="utf-8")
    (folder / "samples.tsv").write_text(
        "sample_id\tsubject_id\trole\tassay\tsex\ttumor_type\tinput\tindex\treads\tformat\tbuild\tbatch\tsample_in_file\toutside_calls\tcopy_number\tfusions\n"
        "T\tP\ttumor\tpanel\tF\tCOAD\tT.vcf\t\t\tvcf\tGRCh38\t\t\t\t\t\n",
        encoding="utf-8",
    )
    (folder / "consent.tsv").write_text(
        "subject_id\tscope\tdecision\nP\ttumor\tyes\n", encoding="utf-8"
    )
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("apothecary"), "run", "--config", "config.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return folder / "results"


def by_place(rows: Iterable[Row]) -> Result:
    """Rows of the table oncogenicity by place and gene."""
    return {(r["chrom"], r["pos"], r["ref"], r["alt"], r["gene"]): r for r in rows}


def agreement(cases: Sequence[Case], found: Result) -> tuple[int, int]:
    """Cases of the expected one of three classes, and of the exact class."""
    said = [class_of(case, found) for case in cases]
    pairs = [(case.expected, text) for case, text in zip(cases, said, strict=True)]
    return sum(THREE[a] == THREE.get(b) for a, b in pairs), sum(a == b for a, b in pairs)


def class_of(case: Case, found: Result) -> str:
    """The class of a case, or that it has none."""
    row = found.get((*case.locus, case.csq[1]))
    return str(row["class"]) if row else "not classified"


def main() -> int:
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        print("APOTHECARY_SHARED is not set: the cases are not at hand")
        return 0
    with (ROOT / "benchmarks" / "oncogenicity_peers.tsv").open(encoding="utf-8") as stream:
        peers = list(csv.DictReader(stream, delimiter="\t"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = {
            "variants of the procedure (half)": list(horak(Path(shared))),
            "set classified by hand (half)": list(manual(Path(shared), folder)),
        }
        for number, (title, cases) in enumerate(sets.items()):
            results = run(cases, folder / f"set{number}")
            report(title, cases, results)
            told = run(cases, folder / f"set{number}_frequencies", with_frequencies=True)
            three, exact = agreement(cases, by_place(classes(told)[0]))
            print("  with frequencies as the codes of the set tell them (not a fair test):")
            print(f"    three classes {share(three, cases)}, exact {share(exact, cases)}")
    suppressors_by_stops()
    print("\nPeers, on whole sets:")
    for row in peers:
        print(f"  {row['peer']}: {row['three_class']} / {row['exact'] or '-'} ({row['source']})")
    return 0


def classes(results: Path) -> tuple[list[Row], Path]:
    """Rows of the table oncogenicity of a run, and the folder of its batch."""
    (batch,) = [path for path in (results / "tables").iterdir() if path.is_dir()]
    return tables.read_rows(batch / "oncogenicity.parquet", schemas.ONCOGENICITY), batch


def report(title: str, cases: Sequence[Case], results: Path) -> None:
    """Print what was found of a set."""
    rows, batch = classes(results)
    found = by_place(rows)
    three, exact = agreement(cases, found)
    print(f"\n{title}: {len(cases)} variants")
    print(f"  named by: {dict(sorted(Counter(case.named for case in cases).items()))}")
    print(f"  three classes {share(three, cases)}, exact {share(exact, cases)}")
    with_peer = [case for case in cases if case.peer]
    if with_peer:
        peers = sum(THREE[c.expected] == THREE[c.peer] for c in with_peer)
        same = sum(c.expected == c.peer for c in with_peer)
        print(f"  OncoVI on the same: {share(peers, with_peer)}, {share(same, with_peer)}")
    confusion = Counter((THREE[c.expected], THREE.get(class_of(c, found), "none")) for c in cases)
    for (wanted, got), count in sorted(confusion.items()):
        print(f"  expected {wanted}, found {got}: {count}")
    ablate(cases, batch)
    print("  misses by three classes:")
    for case in cases:
        said = class_of(case, found)
        if THREE[case.expected] != THREE.get(said):
            row = found.get((*case.locus, case.csq[1]))
            codes = (
                {text.partition("_")[0].partition(" ")[0] for text in row["codes"]}
                if row
                else set()
            )
            missing = ", ".join(sorted(case.codes - codes)) or "none"
            more = ", ".join(sorted(codes - case.codes)) or "none"
            print(f"    {case.name}: {case.expected}, found {said}")
            print(f"      codes missing: {missing}; codes too many: {more}")


def ablate(cases: Sequence[Case], batch: Path) -> None:
    """Print the agreement without each kind of evidence."""
    pack = knowledge.load(batch.parents[2] / "build" / "knowledge")
    variants = tables.read_rows(batch / "variants.parquet", schemas.VARIANTS)
    named = tables.read_rows(batch / "consequences.parquet", schemas.CONSEQUENCES)
    procedure = {
        name: ROOT / "resources" / "oncogenicity" / f"{name}.tsv" for name in ONCOGENICITY_TABLES
    }
    masked = {"mask_classifications": True}
    quiet = {**masked, "distance_damaging": 1000.0, "distance_benign": 0.0}
    trials: list[tuple[str, Iterable[str], Mapping[str, Any]]] = [
        (f"without {kind}", names, masked) for kind, names in KINDS.items()
    ]
    trials += [("without the weak fallback", (), quiet)]
    trials += [("with classifications by the procedure (not a fair test)", (), {})]
    trials += [("with the limits of PCGR", (), {**masked, "criteria": "pcgr"})]
    for title, names, config in trials:
        rows, _ = oncogenicity.classify(variants, named, Without(pack, names), procedure, config)
        three, exact = agreement(cases, by_place(rows))
        print(f"  {title}: {share(three, cases)}, exact {share(exact, cases)}")


def suppressors_by_stops() -> None:
    """Print what asking for more residues with stops would do to the tumor suppressors."""
    rows = {
        name: _knowledge(name) for name in ("hotspot_residues", "gene_roles", "gene_mechanisms")
    }
    roles = {row["gene"]: row["mechanism"] for row in rows["gene_mechanisms"]}
    roles |= {row["gene"]: row["role"] for row in rows["gene_roles"]}
    residues: dict[str, set[str]] = {}
    for row in rows["hotspot_residues"]:
        if row["change"] == "*":
            residues.setdefault(row["gene"], set()).add(row["residue"])
    by_stops = mechanisms.index([], [], rows["hotspot_residues"], [], Settings()).suppressors
    print("\nTumor suppressors by stops among recurrent changes:")
    for least in (1, 2):
        genes = [gene for gene in by_stops if len(residues[gene]) >= least]
        told = Counter(roles[gene] for gene in genes if gene in roles)
        print(f"  {least} residues or more: {len(genes)}, by another source: {dict(told)}")


def _knowledge(name: str) -> list[Row]:
    table = PACK[name]
    path = tsv.find(ROOT / "resources" / "knowledge", table)
    return tsv.read(path, table).rows if path else []


def share(count: int, cases: Sequence[Case]) -> str:
    """A count with its share."""
    return f"{count} of {len(cases)} ({100 * count / len(cases):.1f} %)"


if __name__ == "__main__":
    sys.exit(main())
