"""Concordance by gene with the GeT-RM consensus, beside what other callers reach.

    APOTHECARY_SHARED=... python benchmarks/getrm.py [--gvcfs N]

Truth and genotypes are public: the CDC GeT-RM consensus, real 30x gVCFs, and the phased 1000
Genomes panel in both builds. Old allele names are mapped by getrm_names.tsv; peers' figures are in
getrm_peers.tsv with their source (they were measured on 88 samples, of which the public half is
at hand here). The genes whose names changed most (SLCO1B1, CYP4F2, NAT2) are
good for comparing callers, not as absolute figures. DPYD is left out: its consensus lists variants.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.pharmacogenes import pgx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

Truth = Mapping[tuple[str, str], str]
Calls = dict[tuple[str, str], set[str]]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def plain(gene: str, diplotype: str, names: Mapping[tuple[str, str], str]) -> str:
    """A diplotype under current names, its alleles in alphabetical order."""
    return "/".join(sorted(names.get((gene, allele), allele) for allele in diplotype.split("/")))


def called(file: Path, pack: Path, genes: Iterable[str], absent_as_reference: bool) -> Calls:
    """The diplotypes that a file gives, by sample and gene."""
    wanted = set(genes)
    with tempfile.TemporaryDirectory() as folder:
        pgx.run_pgx(
            pgx.PgxOptions(
                file=file,
                out=Path(folder),
                pack=pack,
                call_cyp2d6=True,
                absent_as_reference=absent_as_reference,
            )
        )
        rows = tables.read_rows(Path(folder) / "diplotypes.parquet", schemas.DIPLOTYPES)
    calls: Calls = defaultdict(set)
    for row in rows:
        if row["gene"] in wanted:
            calls[row["sample_id"], row["gene"]] |= {row["diplotype"]} - {None}
    return calls


def concordance(truth: Truth, calls: Calls, names: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """By gene: exact, truth among several answers, other answer, no call; of all with a truth."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (sample, gene), expected in truth.items():
        if (sample, gene) not in calls:
            continue
        found = {plain(gene, one, names) for one in calls[sample, gene]}
        right = plain(gene, expected, names)
        kind = 3 if not found else 2 if right not in found else 0 if len(found) == 1 else 1
        counts[gene][kind] += 1
    return {gene: _words(*counts[gene]) for gene in sorted(counts)}


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
            f"gVCF, {word}": gvcfs(data, pack, genes, absent, arguments.gvcfs)
            for word, absent in (("missing kept", False), ("absent = reference", True))
        }
        for folder_name in ("panel_GRCh38", "panel_GRCh37"):
            for word, absent in (("missing kept", False), ("absent = reference", True)):
                calls: Calls = {}
                for file in sorted((data / folder_name).glob("*.vcf.gz")):
                    gene = file.name.removesuffix(".vcf.gz")
                    if gene in genes:
                        calls |= called(file, pack, [gene], absent)
                results[f"{folder_name}, {word}"] = calls
    found = {name: concordance(truth, calls, names) for name, calls in results.items()}
    for gene in sorted({gene for by_gene in found.values() for gene in by_gene}):
        print(gene)
        for name, by_gene in found.items():
            if gene in by_gene:
                print(f"  {name:32} {by_gene[gene]}")
        for line in peers[gene]:
            print(f"    {line}")


def gvcfs(data: Path, pack: Path, genes: Iterable[str], absent: bool, most: int | None) -> Calls:
    calls: Calls = {}
    for file in sorted((data / "gvcf").glob("*.g.vcf.gz"))[:most]:
        calls |= called(file, pack, genes, absent)
    return calls


if __name__ == "__main__":
    main()
