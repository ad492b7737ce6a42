"""The consequence that a line of a MAF gives."""

from __future__ import annotations

from collections.abc import Mapping

from apothecary.oncogenes import proteins
from apothecary.oncogenes.names import Named

TERMS: Mapping[str, str] = {
    "Missense_Mutation": "missense_variant",
    "Nonsense_Mutation": "stop_gained",
    "Nonstop_Mutation": "stop_lost",
    "Silent": "synonymous_variant",
    "Splice_Site": "splice_site_variant",
    "Splice_Region": "splice_region_variant",
    "Frame_Shift_Del": "frameshift_variant",
    "Frame_Shift_Ins": "frameshift_variant",
    "In_Frame_Del": "inframe_deletion",
    "In_Frame_Ins": "inframe_insertion",
    "Translation_Start_Site": "start_lost",
    "3'UTR": "3_prime_UTR_variant",
    "5'UTR": "5_prime_UTR_variant",
    "3'Flank": "downstream_gene_variant",
    "5'Flank": "upstream_gene_variant",
    "Intron": "intron_variant",
    "RNA": "non_coding_transcript_variant",
    "IGR": "intergenic_variant",
}
"""Variant_Classification of the MAF specification (GDC) as Sequence Ontology terms."""

_PROTEIN = ("HGVSp_Short", "HGVSp", "Protein_Change", "Amino_Acid_Change", "AAChange")
_CODING = ("HGVSc", "cDNA_Change", "cDNA_change")
_TRANSCRIPT = ("Transcript_ID", "Annotation_Transcript", "i_transcript_name")
_EXON = ("Exon_Number", "EXON")


def read(line: Mapping[str, str]) -> Named | None:
    """Read the consequence of a line.

    Args:
        line: Fields of the line by the names of the MAF's header.

    Returns:
        The consequence; None when the line names no gene.
    """
    gene = line.get("Hugo_Symbol", "")
    if gene in ("", "Unknown"):
        return None
    classification = line.get("Variant_Classification", "")
    coding = _first(line, _CODING).rsplit(":", 1)[-1]
    return Named(
        transcript=_first(line, _TRANSCRIPT),
        gene=gene,
        consequence=line.get("Consequence", "").replace(",", "&") or TERMS.get(classification),
        hgvs_c=coding or None,
        change=proteins.parse(_first(line, _PROTEIN)),
        exon=_first(line, _EXON) or None,
        mane=None,
    )


def _first(line: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of several columns that holds something."""
    for name in names:
        if line.get(name, "") not in ("", ".", "-", "NA"):
            return line[name]
    return ""
