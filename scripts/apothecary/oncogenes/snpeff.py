"""SnpEff's ANN entries of a variant, read into consequences."""

from __future__ import annotations

from collections.abc import Mapping

from apothecary.oncogenes import proteins
from apothecary.oncogenes.names import Named

FIELDS = (
    "Allele",
    "Annotation",
    "Annotation_Impact",
    "Gene_Name",
    "Gene_ID",
    "Feature_Type",
    "Feature_ID",
    "Transcript_BioType",
    "Rank",
    "HGVS.c",
    "HGVS.p",
    "cDNA.pos / cDNA.length",
    "CDS.pos / CDS.length",
    "AA.pos / AA.length",
    "Distance",
    "ERRORS / WARNINGS / INFO",
)
"""Fields of an ANN entry, in the order that the format fixes."""


def read(entry: Mapping[str, str]) -> Named | None:
    """Read one entry.

    Args:
        entry: Fields of the entry by the names in `FIELDS`.

    Returns:
        The consequence; None when the entry is for no transcript.
    """
    if entry.get("Feature_Type", "transcript") != "transcript":
        return None
    return Named(
        transcript=entry.get("Feature_ID", ""),
        gene=entry.get("Gene_Name") or None,
        consequence=entry.get("Annotation") or None,
        hgvs_c=entry.get("HGVS.c") or None,
        change=proteins.parse(entry.get("HGVS.p", "")),
        exon=entry.get("Rank") or None,
        mane=None,
    )
