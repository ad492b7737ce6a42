"""Where genes lie: the MANE Select transcript of each."""

from __future__ import annotations

import re
from pathlib import Path

from apothecary.knowledge.importers.upstream import Row, read_table

_COLUMNS = (
    "symbol",
    "RefSeq_nuc",
    "Ensembl_nuc",
    "MANE_status",
    "GRCh38_chr",
    "chr_start",
    "chr_end",
    "chr_strand",
)
# RefSeq numbers the chromosomes of GRCh38 from 1; 23 is X and 24 is Y.
_REFSEQ_CHROMOSOME = re.compile(r"NC_0000(\d\d)\.\d+")
_SEX = {23: "X", 24: "Y"}


def import_mane(path: Path | str, source_id: str) -> dict[str, list[Row]]:
    """Read a summary of MANE.

    Args:
        path: `MANE.GRCh38.<version>.summary.txt.gz`.
        source_id: Source of every row.

    Returns:
        Rows of the table gene_regions, one a gene on a chromosome of the primary assembly.

    Raises:
        ResourceError: The file is not such a summary.
    """
    rows = []
    for item in read_table(path, _COLUMNS):
        chromosome = _REFSEQ_CHROMOSOME.fullmatch(item["GRCh38_chr"])
        if item["MANE_status"] != "MANE Select" or chromosome is None:
            continue
        number = int(chromosome[1])
        rows.append(
            {
                "gene": item["symbol"],
                "chrom": f"chr{_SEX.get(number, number)}",
                "start": int(item["chr_start"]),
                "end": int(item["chr_end"]),
                "strand": item["chr_strand"],
                "transcript": item["Ensembl_nuc"],
                "refseq": item["RefSeq_nuc"],
                "source_id": source_id,
            }
        )
    return {"gene_regions": rows}
