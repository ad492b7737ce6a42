"""Concordance by gene with the GeT-RM consensus, beside what other callers reach.

    APOTHECARY_SHARED=... python benchmarks/getrm.py [--gvcfs N] [--install] [--explain]

Truth and genotypes are public: the CDC GeT-RM consensus, real 30x gVCFs, and the phased 1000
Genomes panel in both builds. Old allele names are mapped by getrm_names.tsv. Peers' figures in
getrm_peers.tsv were measured on 88 samples, of which the public half is at hand here; with
`--install` PyPGx itself is run on the same panels and samples, under the same names.
The genes whose names changed most (SLCO1B1, CYP4F2, NAT2) are good for comparing callers, not as
absolute figures. DPYD is left out: its consensus lists variants.

*Exact* is strict: the clean diplotype of the consensus. *Allowed* counts every reading that the
consensus leaves open (tentative alleles, alternatives), and has truths that have no clean one.
In posterior mode a gene counts as called when its decision is so; the figures then are coverage
(called of all), accuracy among the calls made, the best candidate right whether called or not, and
the truth in the credible set. No allele frequency of the prior was counted on these samples.

*Reduced* is the same after every call, ours and PyPGx's, was reduced to the alleles that the
consensus of the gene names (`getrm_vocabulary.py`): right of the calls made, of all; right less
wrong, in which an abstention counts for nothing; and the truth among the diplotypes shown.

Every wrong call is put in a class by `getrm_reasons.py`, from definitions and genotypes alone;
`--explain` prints one line each. Genes count as clinically used when the knowledge pack has
guidance for them. `getrm_curve.py` tells coverage by threshold; at the end builds are compared.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import getrm_curve
import getrm_reasons
import getrm_vocabulary
import panel
import pyarrow as pa
import pyarrow.compute as pc
import pypgx_peer
from getrm_scores import Answer, Consensus, Names, Row, answer, plain, reduced, scores, words

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.knowledge.pack import Pack
from apothecary.pharmacogenes import definitions, pgx
from apothecary.pharmacogenes.definitions import Gene

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

ABSENT = "absent = reference"
BAR = 0.995
PANELS = ("panel_GRCh38", "panel_GRCh37")
RUNS = ("posterior", "compatible, missing kept", f"compatible, {ABSENT}")

Calls = dict[tuple[str, str], list[Row]]
SITE_COLUMNS = (
    "sample_id",
    "gene",
    "position_id",
    "state",
    "allele_1",
    "allele_2",
    "phased",
    "phase_set",
    "record",
    "record_alleles",
    "likelihoods",
    "allele_depths",
)
Sites = dict[tuple[str, str], dict[str, Row]]


@dataclass
class Result:
    """Rows of the tables diplotypes and sites, by sample and gene."""

    calls: Calls = field(default_factory=dict)
    sites: Sites = field(default_factory=dict)

    def add(self, other: Result) -> None:
        """Take the rows of another one too."""
        self.calls |= other.calls
        self.sites |= other.sites


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def consensus(
    data: Path, genes: Mapping[str, Gene], names: Names
) -> dict[tuple[str, str], Consensus]:
    """The truth by sample and gene; without DPYD, whose consensus lists variants."""
    truth = {}
    for row in read(data / "getrm_truth.tsv"):
        gene = row["gene"]
        if gene not in genes or gene == "DPYD":
            continue
        clean = plain(gene, row["clean_diplotype"], names) if row["clean_diplotype"] else ""
        found = getrm_reasons.readings(row["consensus_raw"], genes[gene].reference_allele)
        allowed = {plain(gene, one, names) for one in found} | ({clean} - {""})
        truth[row["sample"], gene] = Consensus(clean, frozenset(allowed))
    return truth


def called(file: Path, pack: Path, wanted: Collection[tuple[str, str]], mode: str) -> Result:
    """What a file gives for the samples and genes wanted."""
    way, _, absent = mode.partition(", ")
    with tempfile.TemporaryDirectory() as folder:
        pgx.run_pgx(
            pgx.PgxOptions(
                file=file,
                out=Path(folder),
                pack=pack,
                call_cyp2d6=True,
                mode=way,
                absent_as_reference=absent == ABSENT,
            )
        )
        written = {
            table.name: tables.read(Path(folder) / f"{table.name}.parquet", table, columns)
            for table, columns in ((schemas.DIPLOTYPES, None), (schemas.SITES, SITE_COLUMNS))
        }
    kept = {}
    for name, arrow in written.items():
        inside = pc.is_in(arrow["gene"], pa.array(sorted({gene for _, gene in wanted})))
        known = pc.is_in(arrow["sample_id"], pa.array(sorted({sample for sample, _ in wanted})))
        kept[name] = arrow.filter(pc.and_(inside, known)).to_pylist()
    result = Result()
    for row in sorted(kept["diplotypes"], key=lambda row: int(row["rank"])):
        result.calls.setdefault((row["sample_id"], row["gene"]), []).append(row)
    for row in kept["sites"]:
        own = result.sites.setdefault((row["sample_id"], row["gene"]), {})
        own[row["position_id"]] = row
    return result


@dataclass(frozen=True)
class Miss:
    """A call that is not what the consensus says, with its class and what shows it."""

    sample: str
    gene: str
    expected: str
    given: str
    kind: str
    shown_by: str
    allowed: bool


def vocabulary(truth: Mapping[tuple[str, str], Consensus]) -> dict[str, set[str]]:
    """All alleles that the consensus of a gene names, under current names."""
    named: dict[str, set[str]] = defaultdict(set)
    for (_, gene), right in truth.items():
        for one in right.allowed:
            named[gene].update(one.split("/"))
    return named


def misses(
    truth: Mapping[tuple[str, str], Consensus],
    result: Result,
    answers: Mapping[tuple[str, str], Answer],
    genes: Mapping[str, Gene],
    pack: Pack,
) -> list[Miss]:
    """Every call made that is not the clean diplotype of the consensus."""
    named = vocabulary(truth)
    alleles = pack.rows("pgx_alleles")
    found = []
    for (sample, gene), right in sorted(truth.items()):
        got = answers.get((sample, gene))
        if got is None or not right.clean or not got.sure or right.clean == got.shown[0]:
            continue
        kind, shown_by = getrm_reasons.reason(
            genes[gene],
            right.clean,
            got.given,
            result.sites.get((sample, gene), {}),
            named[gene],
            alleles,
        )
        allowed = got.shown[0] in right.allowed
        found.append(Miss(sample, gene, right.clean, got.given, kind, shown_by, allowed))
    return found


def honest(
    counts: Mapping[str, Counter[str]], wrong: Sequence[Miss], clinical: Iterable[str]
) -> str:
    """Accuracy among calls made of the clinically used genes, strict and with classes put apart."""
    genes = set(clinical)
    called = sum(own["called"] for gene, own in counts.items() if gene in genes)
    exact = sum(own["exact"] for gene, own in counts.items() if gene in genes)
    mine = [miss for miss in wrong if miss.gene in genes]
    apart = sum(miss.kind in getrm_reasons.APART for miss in mine)
    if not called:
        return "no call"
    rest = called - apart
    return (
        f"{exact}/{called} = {exact / called:.4f} strict; {exact}/{rest} = {exact / rest:.4f} "
        f"without {apart} that no caller of small variants could give as the consensus does "
        f"(bar {BAR})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gvcfs", type=int, default=None, help="read only so many gVCFs")
    parser.add_argument("--explain", action="store_true", help="a line for each wrong call")
    parser.add_argument("--install", action="store_true", help="fetch PyPGx and run it too")
    arguments = parser.parse_args()
    if not os.environ.get("APOTHECARY_SHARED"):
        sys.exit("APOTHECARY_SHARED is not set: the genotypes and the truth are not at hand")
    data = Path(os.environ["APOTHECARY_SHARED"]) / "data" / "getrm"
    names = {(row["gene"], row["name"]): row["current"] for row in read(HERE / "getrm_names.tsv")}
    with tempfile.TemporaryDirectory() as folder:
        pack = build.build(ROOT / "resources" / "knowledge", Path(folder) / "pack")
        genes = {gene.name: gene for gene in definitions.from_pack(pack).matched}
        truth = consensus(data, genes, names)
        results, answers = {}, {}
        for source, mode in product(("gVCF", *PANELS), RUNS):
            name = f"{source}, {mode}"
            results[name] = read_calls(data, source, pack.folder, truth, mode, arguments.gvcfs)
            answers[name] = {
                key: answer(rows, key[1], names, mode) for key, rows in results[name].calls.items()
            }
        if pypgx_peer.available(arguments.install):
            for source in PANELS:
                answers[f"{source}, PyPGx"] = _peer(data, source, truth, names, Path(folder))
        named = vocabulary(truth)
        alike = {
            name: {
                key: getrm_vocabulary.answers(
                    genes[key[1]], one, named[key[1]], name.split(", ")[1]
                )
                for key, one in own.items()
            }
            for name, own in answers.items()
        }
        _tell_genes(
            {name: scores(truth, own) for name, own in answers.items()},
            {name: scores(truth, own) for name, own in alike.items()},
        )
        _tell_calls(truth, results, answers, genes, pack, arguments.explain)
        _tell_curves(truth, results, genes, pack, names)
        _builds(genes, results, arguments.explain)


def _tell_genes(
    found: Mapping[str, Mapping[str, Counter[str]]],
    alike: Mapping[str, Mapping[str, Counter[str]]],
) -> None:
    """Print the scores of every gene, as called and reduced to the names of the consensus."""
    peers: dict[str, list[str]] = defaultdict(list)
    for row in read(HERE / "getrm_peers.tsv"):
        peers[row["gene"]].append(f"{row['peer']}, {row['input']} {row['exact']} (other samples)")
    for gene in sorted({gene for by_gene in found.values() for gene in by_gene}):
        print(gene)
        for name, by_gene in found.items():
            if gene in by_gene:
                own = alike[name][gene]
                print(f"  {name:42} {words(by_gene[gene], name.partition(', ')[2])}")
                print(f"  {'':42} reduced: {reduced(own)}")
        for line in peers[gene]:
            print(f"    {line}")


def _tell_calls(
    truth: Mapping[tuple[str, str], Consensus],
    results: Mapping[str, Result],
    answers: Mapping[str, Mapping[tuple[str, str], Answer]],
    genes: Mapping[str, Gene],
    pack: Pack,
    explain: bool,
) -> None:
    """Print the accuracy among calls made, and the classes of the wrong ones."""
    clinical = {str(row["gene"]) for row in pack.rows("guidance_keys")}
    used = sorted({gene for _, gene in truth} & clinical)
    print(f"calls made, genes with guidance ({', '.join(used)})")
    for name, result in results.items():
        wrong = misses(truth, result, answers[name], genes, pack)
        print(f"  {name}: {honest(scores(truth, answers[name]), wrong, clinical)}")
        counted = Counter(miss.kind for miss in wrong)
        for kind in getrm_reasons.CLASSES:
            if counted[kind]:
                print(f"    {counted[kind]:4} {kind}")
        for miss in wrong if explain else ():
            told = "; allowed by the consensus" if miss.allowed else ""
            print(
                f"      {miss.sample} {miss.gene} consensus {miss.expected}, called "
                f"{miss.given}: {miss.kind} ({miss.shown_by}){told}"
            )


def _tell_curves(
    truth: Mapping[tuple[str, str], Consensus],
    results: Mapping[str, Result],
    genes: Mapping[str, Gene],
    pack: Pack,
    names: Names,
) -> None:
    """Print coverage and accuracy by threshold, and the alleles that no position tells of."""
    used = {gene for _, gene in truth} & {str(row["gene"]) for row in pack.rows("guidance_keys")}
    clean = {key: one.clean for key, one in truth.items() if key[1] in used and one.clean}
    known = getrm_curve.Known(genes, pack, names, vocabulary(truth))
    for source in ("gVCF", *PANELS):
        sites = results[f"{source}, posterior"].sites
        for line in getrm_curve.told(clean, sites, known):
            print(f"{source}, {line}")


def _builds(genes: Mapping[str, Gene], results: Mapping[str, Result], explain: bool) -> None:
    """Print whether both builds give the same call of the same sample, and else why not."""
    for mode in RUNS:
        one, other = (results[f"{source}, {mode}"] for source in PANELS)
        counts: Counter[str] = Counter()
        lines = []
        for sample, gene in sorted(set(one.calls) & set(other.calls)):
            first, second = (
                {row["diplotype"] for row in found.calls[sample, gene]} for found in (one, other)
            )
            kind, shown_by = "same call", ""
            if first != second:
                kind, shown_by = getrm_reasons.between_builds(
                    genes[gene], one.sites[sample, gene], other.sites[sample, gene]
                )
            counts[kind] += 1
            if kind == "unexplained" or (explain and first != second):
                lines.append(f"    {sample} {gene}: {kind} {shown_by}")
        counts["unexplained"] += 0
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
        print(f"GRCh37 against GRCh38, {mode}: {told}")
        print("\n".join(lines), end="\n" if lines else "")


def read_calls(
    data: Path,
    source: str,
    pack: Path,
    truth: Mapping[tuple[str, str], Consensus],
    mode: str,
    most: int | None,
) -> Result:
    if source == "gVCF":
        return gvcfs(data, pack, truth, mode, most)
    genes = {gene for _, gene in truth}
    files = sorted((data / source).glob("*.vcf.gz"))
    with tempfile.TemporaryDirectory() as folder:
        own = [file for file in files if file.name.removesuffix(".vcf.gz") in genes]
        return called(panel.joined(own, Path(folder) / "panel.vcf"), pack, truth, mode)


def _peer(
    data: Path,
    source: str,
    truth: Mapping[tuple[str, str], Consensus],
    names: Names,
    work: Path,
) -> dict[tuple[str, str], Answer]:
    """Answers of PyPGx on a panel for the samples that have a truth."""
    files = []
    for file in sorted((data / source).glob("*.vcf.gz")):
        gene = file.name.removesuffix(".vcf.gz")
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            held = next(line for line in stream if line.startswith("#CHROM")).split()
        wanted = {sample for sample, own in truth if own == gene} & set(held)
        if wanted:
            files.append((gene, file, wanted))
    run = pypgx_peer.call(files, source.removeprefix("panel_"), work / "pypgx")
    for gene, why in run.refused.items():
        print(f"PyPGx refuses {gene} of {source}: {why}")
    made = {}
    for (sample, gene), given in run.genotypes.items():
        one = plain(gene, given, names) if "/" in given else ""
        made[sample, gene] = Answer((one,) if one else (), bool(one), given)
    return made


def gvcfs(
    data: Path, pack: Path, wanted: Collection[tuple[str, str]], mode: str, most: int | None
) -> Result:
    result = Result()
    for file in sorted((data / "gvcf").glob("*.g.vcf.gz"))[:most]:
        result.add(called(file, pack, wanted, mode))
    return result


if __name__ == "__main__":
    main()
