"""The MAF of a tumor: the columns of the GDC, as cBioPortal and maftools read them.

An indel is spelled with a dash, without the base before it; an insertion stands between its two
positions. What is spelled so is read back by `apothecary.variants.maf` to the same variant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from apothecary.exports import vcf
from apothecary.exports.calls import JOINED, REPORTED, Call
from apothecary.files import write_text
from apothecary.pharmacogenes import facts
from apothecary.reports.text import printable

CLASS_COLUMNS = ("consequence", "type", "class", "severity", "source")
ANY, UNNAMED, UNKNOWN_GENE = "*", "Targeted_Region", "Unknown"
_NO_BASES = frozenset({"", "-", "0"})
_SUBSTITUTIONS = {1: "SNP", 2: "DNP", 3: "TNP"}
# The columns of the GDC that no step fills stay, empty, since programs ask for them by name.
COLUMNS = (
    "Hugo_Symbol", "Entrez_Gene_Id", "Center", "NCBI_Build", "Chromosome", "Start_Position",
    "End_Position", "Strand", "Variant_Classification", "Variant_Type", "Reference_Allele",
    "Tumor_Seq_Allele1", "Tumor_Seq_Allele2", "dbSNP_RS", "dbSNP_Val_Status",
    "Tumor_Sample_Barcode", "Matched_Norm_Sample_Barcode", "Match_Norm_Seq_Allele1",
    "Match_Norm_Seq_Allele2", "Tumor_Validation_Allele1", "Tumor_Validation_Allele2",
    "Match_Norm_Validation_Allele1", "Match_Norm_Validation_Allele2", "Verification_Status",
    "Validation_Status", "Mutation_Status", "Sequencing_Phase", "Sequence_Source",
    "Validation_Method", "Score", "BAM_File", "Sequencer", "Tumor_Sample_UUID",
    "Matched_Norm_Sample_UUID", "HGVSc", "HGVSp", "HGVSp_Short", "Transcript_ID", "Exon_Number",
    "t_depth", "t_ref_count", "t_alt_count", "n_depth", "n_ref_count", "n_alt_count",
    "Consequence", "FILTER", "t_vaf", "AMP_Tier", "ESCAT", "Oncogenicity", "Evidence",
)  # fmt: skip


class Spelled(NamedTuple):
    """A change as a MAF spells it.

    Attributes:
        start: 1-based first base; of an insertion the base before it.
        end: 1-based last base; of an insertion the base after it.
        ref: Reference bases, - for none.
        alt: Alternate bases, - for none.
        kind: SNP, DNP, TNP, ONP, INS or DEL.
    """

    start: int
    end: int
    ref: str
    alt: str
    kind: str


@dataclass(frozen=True)
class Class:
    """What a consequence is called in a MAF.

    Attributes:
        name: Variant_Classification.
        severity: 1 for the most severe; of several consequences the most severe counts.
    """

    name: str
    severity: int


Classes = Mapping[tuple[str, str], Class]


def read_classes(path: Path | str) -> Classes:
    """Read the names that consequences have in a MAF.

    Args:
        path: The table maf_classes.

    Returns:
        Classes by Sequence Ontology term and type of the change; * for any type.

    Raises:
        ResourceError: The table is absent or is not as it should be.
    """
    return {
        (row["consequence"], row["type"]): Class(row["class"], int(row["severity"]))
        for row in facts.read(path, CLASS_COLUMNS)
    }


def spell(pos: int, ref: str, alt: str) -> Spelled:
    """Spell a change of a VCF, or one that a MAF spelled without its base before.

    Args:
        pos: 1-based position of the first base of `ref`.
        ref: Reference bases.
        alt: Alternate bases.
    """
    ref, alt = ("" if bases in _NO_BASES else bases for bases in (ref, alt))
    anchored = bool(ref and alt)
    while ref and alt and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    if not ref:
        start = pos - 1 if anchored else pos
        return Spelled(start, start + 1, "-", alt, "INS")
    end = pos + len(ref) - 1
    if len(ref) == len(alt):
        return Spelled(pos, end, ref, alt, _SUBSTITUTIONS.get(len(ref), "ONP"))
    return Spelled(pos, end, ref, alt or "-", "INS" if len(ref) < len(alt) else "DEL")


def classification(consequence: str | None, kind: str, classes: Classes) -> str:
    """Variant_Classification of a change.

    Args:
        consequence: Sequence Ontology terms joined by &; None when it was not named.
        kind: See `Spelled`.
        classes: See `read_classes`.

    Returns:
        The class of the most severe term that has one; Targeted_Region without.
    """
    terms = (consequence or "").split("&")
    found = [classes.get((term, kind)) or classes.get((term, ANY)) for term in terms]
    known = [entry for entry in found if entry]
    return min(known, key=lambda entry: entry.severity).name if known else UNNAMED


def lines(calls: Sequence[Call], model: Mapping[str, Any], classes: Classes) -> list[str]:
    """The MAF of a tumor as lines: version, header, one line a variant that was kept.

    Two neighbours of one codon stand as the change that they are joined into, unless one of them
    is a finding by itself.
    """
    rows = [_row(call, model, classes) for call in calls if _used(call)]
    body = ["\t".join(printable(row.get(column, "")) for column in COLUMNS) for row in rows]
    return ["#version 2.4", "\t".join(COLUMNS), *body]


def write(
    path: Path | str, calls: Sequence[Call], model: Mapping[str, Any], classes: Classes
) -> None:
    """Write the MAF of a tumor; see `lines`."""
    write_text(path, "\n".join(lines(calls, model, classes)) + "\n")


def _used(call: Call) -> bool:
    if call.row["alt"] == "." or call.row["fate"] not in ("kept", JOINED, REPORTED):
        return False
    return call.joined is None or bool(call.findings)


def _row(call: Call, model: Mapping[str, Any], classes: Classes) -> dict[str, str]:
    row, named = call.row, call.named
    spelled = spell(row["pos"], row["ref"], row["alt"])
    transcript = named.get("transcript") or ""
    values = {
        "Hugo_Symbol": named.get("gene") or _gene(call),
        # 0 is what the specification asks for where a gene has no number at hand.
        "Entrez_Gene_Id": 0,
        "NCBI_Build": row["build"],
        "Chromosome": "MT" if row["chrom"] == "chrM" else row["chrom"].removeprefix("chr"),
        "Start_Position": spelled.start,
        "End_Position": spelled.end,
        "Strand": "+",
        "Variant_Classification": classification(named.get("consequence"), spelled.kind, classes),
        "Variant_Type": spelled.kind,
        "Reference_Allele": spelled.ref,
        "Tumor_Seq_Allele1": _other_allele(row, spelled),
        "Tumor_Seq_Allele2": spelled.alt,
        "dbSNP_RS": row.get("rsid"),
        "Tumor_Sample_Barcode": model["identity"]["sample_id"],
        "HGVSc": _of(transcript, named.get("hgvs_c")),
        "HGVSp": named.get("hgvs_p"),
        "HGVSp_Short": _of("p", named.get("protein_change"), "."),
        "Transcript_ID": transcript,
        "Exon_Number": named.get("exon"),
        "t_depth": row.get("depth"),
        "t_ref_count": row.get("ref_depth"),
        "t_alt_count": row.get("alt_depth"),
        "Consequence": (named.get("consequence") or "").replace("&", ","),
        "FILTER": "PASS",
        "t_vaf": None if row.get("vaf") is None else f"{row['vaf']:.6g}",
        "AMP_Tier": _unique(finding["tier"] for finding in call.findings),
        "ESCAT": _unique(finding["escat"] for finding in call.findings if finding["escat"]),
        "Oncogenicity": _unique(entry["class"] for entry in call.oncogenicity),
        "Evidence": _unique(
            entry["evidence_id"]
            for finding in call.findings
            for entry in finding["evidence"]
            if entry["evidence_id"] and entry["tier"] in ("I", "II")
        ),
    }
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _of(before: str, value: str | None, between: str = ":") -> str | None:
    return f"{before}{between}{value}" if before and value else value


def _gene(call: Call) -> str:
    return call.findings[0]["gene"] if call.findings else UNKNOWN_GENE


def _other_allele(row: Mapping[str, Any], spelled: Spelled) -> str:
    """The alternate allele for a homozygous genotype, else the reference."""
    alleles = set(vcf.genotype(row).replace("|", "/").split("/"))
    return spelled.alt if alleles == {"1"} else spelled.ref


def _unique(values: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(values))
