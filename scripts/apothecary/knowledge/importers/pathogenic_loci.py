"""Places of the genome where ClinVar has a pathogenic substitution, as cacao lays them out.

cacao widens each variant of ClinVar by five bases on either side and names it by residue, without
the base or residue that stands there instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_text

_KIND = "clinvar_path"
_RESIDUE = re.compile(r"p\.([A-Z])\d+")
_FLANK = 5


def import_pathogenic_loci(
    path: Path | str, source_id: str, genes: Collection[str]
) -> dict[str, list[Row]]:
    """Read the loci that are one base with one residue.

    Left out are loci of several bases, frameshifts and splice sites, and the other tracks. The
    number of the residue is left out too, since cacao counts it on any isoform.

    Args:
        path: BED of cacao, GRCh38: chromosome without chr, 0-based start, end, and a name such as
            `clinvar_path:EZH2:p.R684`.
        source_id: Source of every row.
        genes: Genes of interest.

    Returns:
        Rows of the table pathogenic_loci.

    Raises:
        ResourceError: A line has other than four fields, or a position is no number.
    """
    found = set()
    for number, line in enumerate(read_text(path).splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != 4 or not (fields[1] + fields[2]).isdigit():
            right = "chromosome, start, end and name are needed"
            raise ResourceError(Problem(str(path), repr(line[:60]), right, number))
        chrom, start0, end0 = fields[0], int(fields[1]), int(fields[2])
        kind, _, name = fields[3].partition(":")
        gene, _, change = name.partition(":")
        residue = _RESIDUE.fullmatch(change)
        one_base = end0 - start0 == 2 * _FLANK + 1
        if kind == _KIND and gene in genes and residue and one_base:
            found.add((f"chr{chrom}", start0 + _FLANK + 1, gene, residue[1]))
    return {
        "pathogenic_loci": [
            {
                "chrom": chrom,
                "pos": pos,
                "gene": gene,
                "residue": residue,
                "source_id": source_id,
            }
            for chrom, pos, gene, residue in sorted(found)
        ]
    }
