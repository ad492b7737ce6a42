"""Concordance by gene with the GeT-RM consensus, beside what other callers reach.

    APOTHECARY_SHARED=... python benchmarks/getrm.py [--gvcfs N]

Truth and genotypes are public: the CDC GeT-RM consensus, real 30x gVCFs, and the phased 1000
Genomes panel in both builds. Old allele names are mapped by getrm_names.tsv; peers' figures are in
getrm_peers.tsv with their source (they were measured on 88 samples, of which the public half is
at hand here). The genes whose names changed most (SLCO1B1, CYP4F2, NAT2) are
good for comparing callers, not as absolute figures. DPYD is left out: its consensus lists variants.

In posterior mode a gene counts as called when its decision is so; the figures then are coverage
(called of all), accuracy among the calls made, the best candidate right whether called or not, and
the truth in the credible set. No allele frequency of the prior was counted on these samples.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.pharmacogenes import pgx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

ABSENT = "absent = reference"
RUNS = ("posterior", "compatible, missing kept", f"compatible, {ABSENT}")

Truth = Mapping[tuple[str, str], str]
Row = dict[str, Any]
Calls = dict[tuple[str, str], list[Row]]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def plain(gene: str, diplotype: str, names: Mapping[tuple[str, str], str]) -> str:
    """A diplotype under current names, its alleles in alphabetical order."""
    return "/".join(sorted(names.get((gene, allele), allele) for allele in diplotype.split("/")))


def called(file: Path, pack: Path, genes: Iterable[str], mode: str) -> Calls:
    """The rows of the table diplotypes that a file gives, by sample and gene."""
    wanted = set(genes)
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
        rows = tables.read_rows(Path(folder) / "diplotypes.parquet", schemas.DIPLOTYPES)
    calls: Calls = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["rank"])):
        if row["gene"] in wanted:
            calls[row["sample_id"], row["gene"]].append(row)
    return calls


def concordance(truth: Truth, calls: Calls, names: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """By gene: exact, truth among several answers, other answer, no call; of all with a truth."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (sample, gene), expected in truth.items():
        if (sample, gene) not in calls:
            continue
        given = (row["diplotype"] for row in calls[sample, gene])
        found = {plain(gene, one, names) for one in given if one}
        right = plain(gene, expected, names)
        kind = 3 if not found else 2 if right not in found else 0 if len(found) == 1 else 1
        counts[gene][kind] += 1
    return {gene: _words(*counts[gene]) for gene in sorted(counts)}


def posterior(truth: Truth, calls: Calls, names: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """By gene: coverage, accuracy among calls, best candidate, truth in the credible set."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (sample, gene), expected in truth.items():
        rows = [row for row in calls.get((sample, gene), ()) if row["diplotype"]]
        if (sample, gene) not in calls:
            continue
        right = plain(gene, expected, names)
        found = [plain(gene, row["diplotype"], names) for row in rows]
        # Candidates that the consensus names alike are one answer.
        alike = len(rows) > 1 and len(set(found)) == 1
        sure = alike or (bool(rows) and rows[0]["decision"] == "called")
        best = found[:1] == [right]
        own = counts[gene]
        own["all"] += 1
        own["called"] += sure
        own["exact"] += sure and best
        own["best"] += best
        own["within"] += right in found
    return {gene: _posterior_words(counts[gene]) for gene in sorted(counts)}


def _posterior_words(own: Counter[str]) -> str:
    accuracy = f"{own['exact'] / own['called']:.3f}" if own["called"] else "-"
    return (
        f"called {own['called'] / own['all']:.3f}, right of these {accuracy} "
        f"({own['exact']}/{own['called']} of {own['all']}); best candidate "
        f"{own['best'] / own['all']:.3f}, in the credible set {own['within'] / own['all']:.3f}"
    )


def _words(exact: int, among: int, other: int, none: int) -> str:
    total = exact + among + other + none
    return f"{exact / total:.3f} ({exact}/{total}; among {among}, other {other}, none {none})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gvcfs", type=int, default=None, help="read only so many gVCFs")
    arguments = parser.parse_args()
    if not os.environ.get("APOTHECARY_SHARED"):
        sys.exit("APOTHECARY_SHARED is not set: the genotypes and the truth are not at hand")
    data = Path(os.environ["APOTHECARY_SHARED"]) / "data" / "getrm"
    names = {(row["gene"], row["name"]): row["current"] for row in read(HERE / "getrm_names.tsv")}
    truth = {
        (row["sample"], row["gene"]): row["clean_diplotype"]
        for row in read(data / "getrm_truth.tsv")
        if row["clean_diplotype"] and row["gene"] != "DPYD"
    }
    peers: dict[str, list[str]] = defaultdict(list)
    for row in read(HERE / "getrm_peers.tsv"):
        peers[row["gene"]].append(f"{row['peer']}, {row['input']} {row['exact']}")
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder)
        build.build(ROOT / "resources" / "knowledge", pack)
        genes = {gene for _, gene in truth}
        results = {
            f"gVCF, {mode}": gvcfs(data, pack, genes, mode, arguments.gvcfs) for mode in RUNS
        }
        for folder_name in ("panel_GRCh38", "panel_GRCh37"):
            for mode in RUNS:
                calls: Calls = {}
                for file in sorted((data / folder_name).glob("*.vcf.gz")):
                    gene = file.name.removesuffix(".vcf.gz")
                    if gene in genes:
                        calls |= called(file, pack, [gene], mode)
                results[f"{folder_name}, {mode}"] = calls
    found = {
        name: (posterior if "posterior" in name else concordance)(truth, calls, names)
        for name, calls in results.items()
    }
    for gene in sorted({gene for by_gene in found.values() for gene in by_gene}):
        print(gene)
        for name, by_gene in found.items():
            if gene in by_gene:
                print(f"  {name:42} {by_gene[gene]}")
        for line in peers[gene]:
            print(f"    {line}")


def gvcfs(data: Path, pack: Path, genes: Iterable[str], mode: str, most: int | None) -> Calls:
    calls: Calls = {}
    for file in sorted((data / "gvcf").glob("*.g.vcf.gz"))[:most]:
        calls |= called(file, pack, genes, mode)
    return calls


if __name__ == "__main__":
    main()
