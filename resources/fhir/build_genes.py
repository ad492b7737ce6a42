"""Make the table of HGNC numbers of the genes that the knowledge has exons or alleles of.

Usage: python resources/fhir/build_genes.py --mane MANE.GRCh38.v1.5.summary.txt.gz [--out FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

from apothecary.fhir.guide_schemas import GENES
from apothecary.knowledge import tsv

KNOWLEDGE = Path(__file__).resolve().parents[1] / "knowledge"


def main() -> None:
    """Write genes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mane", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    given = parser.parse_args()
    wanted = {
        row["gene"]
        for name in ("exons.tsv", "pgx_genes.tsv", "gene_roles.tsv")
        for row in _rows((KNOWLEDGE / name).read_text(encoding="utf-8").splitlines())
    }
    with gzip.open(given.mane, "rt", encoding="utf-8") as stream:
        found = {row["symbol"]: row["HGNC_ID"] for row in _rows(stream) if row["HGNC_ID"]}
    source = given.mane.name.removesuffix(".txt.gz") + " (NCBI, EMBL-EBI), column HGNC_ID"
    rows = [{"gene": gene, "hgnc": found[gene], "source": source} for gene in wanted & set(found)]
    tsv.write(given.out, GENES, rows)


def _rows(lines: Iterable[str]) -> Iterable[dict[str, str]]:
    return csv.DictReader(lines, delimiter="\t")


if __name__ == "__main__":
    main()
