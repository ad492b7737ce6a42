"""Variant files as calling writes them: bgzipped, indexed, with the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from apothecary.alignments.files import Alignment
from apothecary.files import replacing
from apothecary.version import VERSION


def header(alignment: Alignment, definitions: Sequence[str], samples: Sequence[str]) -> list[str]:
    """The header lines of a variant file.

    Args:
        alignment: What was called; its contigs tell the build.
        definitions: Lines of INFO, FORMAT, FILTER and ALT.
        samples: Names of the sample columns.
    """
    contigs = [
        f"##contig=<ID={name},length={alignment.lengths[chrom]}>"
        for chrom, name in alignment.names.items()
    ]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]
    source = f"##source=Apothecary {VERSION}"
    of = f"##reference={alignment.build}"
    return ["##fileformat=VCFv4.3", source, of, *contigs, *definitions, "\t".join(columns)]


def write(path: Path | str, head: Iterable[str], lines: Iterable[str]) -> None:
    """Write a bgzipped VCF and its index (.tbi), each whole or not at all.

    Args:
        path: The final path.
        head: Header lines.
        lines: Records, sorted.
    """
    import pysam

    with replacing(path) as temporary:
        with pysam.BGZFile(str(temporary), "wb", None) as packed:
            for line in (*(h + "\n" for h in head), *lines):
                packed.write(line.encode())
        with replacing(f"{path}.tbi") as index:
            pysam.tabix_index(
                str(temporary), preset="vcf", force=True, index=str(index), keep_original=True
            )
