"""MAF of tumors: lines to rows of the table variants.

A MAF spells an indel with a dash. VCF spells it with the base before, which the MAF does not give:
it is taken from the reference where that is known. A line that cannot be spelled so is rejected,
but keeps its place and its annotation when it names its gene and what it does there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import alleles, annotate, contigs, filters, flanks, normalise, stream
from apothecary.variants.conventions import Evidence
from apothecary.variants.filters import Reason, Thresholds
from apothecary.variants.records import number, whole_number
from apothecary.variants.reference import Reference

REQUIRED = (
    "Hugo_Symbol",
    "Chromosome",
    "Start_Position",
    "Reference_Allele",
    "Tumor_Seq_Allele2",
    "Tumor_Sample_Barcode",
)
_ANNOTATION = (
    "Hugo_Symbol", "Variant_Classification", "Consequence", "HGVSp_Short", "HGVSp",
    "Protein_Change", "Amino_Acid_Change", "AAChange", "HGVSc", "cDNA_Change", "cDNA_change",
    "Transcript_ID", "Annotation_Transcript", "i_transcript_name", "Exon_Number", "EXON",
)  # fmt: skip
_PROTEIN = ("HGVSp_Short", "HGVSp", "Protein_Change", "Amino_Acid_Change", "AAChange")
# Classifications of indels that alter the protein or its splicing.
_ALTERING = frozenset(
    {"Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Splice_Site"}
)
_BUILDS = {
    **contigs.BUILD_NAMES, "37": "GRCh37", "b37": "GRCh37", "38": "GRCh38",
}  # fmt: skip
_PASSES = Reason("passes", "passes")
_UNANCHORED = Reason(
    "an indel spelled without the base before it, which no reference at hand gives",
    "an indel spelled without the base before it",
)
_FREQUENCIES = ("gnomAD_AF", "gnomADe_AF", "gnomADg_AF", "MAX_AF", "ExAC_AF", "1000G_AF")


@dataclass(frozen=True)
class MafLine:
    """A line of a MAF.

    Attributes:
        row: 1-based line of the file.
        fields: Values by column name.
    """

    row: int
    fields: Mapping[str, str]

    @property
    def sample(self) -> str:
        """Tumor_Sample_Barcode."""
        return self.fields["Tumor_Sample_Barcode"]


class MafFile:
    """A MAF whose header has been read and found good.

    Attributes:
        path: The file.
        columns: Its column names.
    """

    def __init__(self, path: str) -> None:
        """Open a MAF.

        Raises:
            WorkflowInputError: The file has no header, or a column is missing.
        """
        self.path = path
        header = next(self._rows(), None)
        if header is None:
            raise WorkflowInputError(Problem(path, "no header", "a MAF names its columns"))
        self.columns = header[1]
        present = {name.lower() for name in self.columns}
        missing = [name for name in REQUIRED if name.lower() not in present]
        if missing:
            right = "a MAF has the columns " + ", ".join(REQUIRED)
            found = f"no column {', '.join(missing)}"
            raise WorkflowInputError(Problem(path, found, right, header[0]))
        self._names = [_standard_name(name) for name in self.columns]

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        lines = chain.from_iterable(stream.line_chunks(self.path))
        for row, raw in enumerate(lines, 1):
            if raw.startswith(b"#") or not raw.strip():
                continue
            text = raw.decode("utf-8", errors="replace").removeprefix("\N{BYTE ORDER MARK}")
            # Cells are not quoted, and the csv module takes no cell above 128 KiB.
            yield row, text.split("\t")

    def lines(self) -> Iterator[MafLine]:
        """The lines of all samples.

        Raises:
            WorkflowInputError: A line has another number of columns, or a position is none.
        """
        rows = self._rows()
        next(rows)
        for row, values in rows:
            if len(values) != len(self._names):
                found = f"{len(values)} columns"
                right = f"{len(self._names)} columns, as the header names them, joined by tabs"
                raise WorkflowInputError(Problem(self.path, found, right, row))
            fields = dict(zip(self._names, (v.strip() for v in values), strict=True))
            start = fields["Start_Position"]
            if not start.isdecimal() or int(start) < 1:
                raise WorkflowInputError(
                    Problem(self.path, repr(start), "a whole number from 1", row, "Start_Position")
                )
            yield MafLine(row, fields)


def _standard_name(name: str) -> str:
    for standard in (*REQUIRED, *_ANNOTATION):
        if name.lower() == standard.lower() and name not in _ANNOTATION:
            return standard
    return name


def stated_build(path: str, lines: list[MafLine]) -> str | None:
    """The build that NCBI_Build names; None when the column is absent or empty.

    Raises:
        WorkflowInputError: The column names an unknown build, or several.
    """
    found: dict[str, int] = {}
    for line in lines:
        text = line.fields.get("NCBI_Build", "")
        if text in ("", ".", "NA"):
            continue
        build = _BUILDS.get(text.lower().removesuffix(".p13").removesuffix(".p14"))
        if build is None:
            right = "37, 38, GRCh37, GRCh38, hg19 or hg38"
            raise WorkflowInputError(Problem(path, repr(text), right, line.row, "NCBI_Build"))
        found.setdefault(build, line.row)
    if len(found) > 1:
        right = "one build in a file"
        row = max(found.values())
        raise WorkflowInputError(Problem(path, "two builds", right, row, "NCBI_Build"))
    return next(iter(found), None)


def rows(
    lines: list[MafLine],
    sample_id: str,
    build: str,
    thresholds: Thresholds,
    reference: Reference | None,
) -> tuple[list[dict[str, Any]], Counter[tuple[str, str]]]:
    """The rows of one sample.

    Args:
        lines: The lines of the sample.
        sample_id: The sample.
        build: GRCh38 or GRCh37.
        thresholds: What a call must have.
        reference: Source of reference bases, if any.

    Returns:
        The rows of the table variants, and the number of lines by fate and reason.
    """
    made: list[dict[str, Any]] = []
    fates: Counter[tuple[str, str]] = Counter()
    seen: dict[tuple[Any, ...], int] = {}
    for line, vaf in zip(lines, _stated_vafs(lines), strict=True):
        row, reason = _row(line, sample_id, build, vaf, reference)
        if row is None:
            fates["outside", reason.kind] += 1
            continue
        if row["fate"] == "kept":
            reason = _filter(row, thresholds)
        key = (row["chrom"], row["pos"], row["ref"], row["alt"])
        if row["fate"] in ("kept", "filtered") and key in seen:
            row.update(fate="duplicate", reason=f"the same change as line {seen[key]}")
            reason = Reason(row["reason"], "the same change as an earlier line")
        seen.setdefault(key, line.row)
        fates[row["fate"], reason.kind] += 1
        made.append(row)
    return made, fates


def _row(
    line: MafLine,
    sample_id: str,
    build: str,
    stated_vaf: float | None,
    reference: Reference | None,
) -> tuple[dict[str, Any] | None, Reason]:
    chrom = contigs.canonical(line.fields["Chromosome"])
    if chrom is None:
        said = "lies on no chromosome"
        return None, Reason(said, said)
    start = int(line.fields["Start_Position"])
    ref, alt = (line.fields[c].upper() for c in ("Reference_Allele", "Tumor_Seq_Allele2"))
    evidence = _evidence(line.fields, stated_vaf)
    row: dict[str, Any] = {
        "sample_id": sample_id,
        "chrom": chrom,
        "pos": start,
        "ref": ref,
        "alt": alt,
        "record": line.row,
        "build": build,
        "input_pos": start,
        "input_ref": ref,
        "input_alts": alt,
        "allele_index": 1,
        "genotype": ".",
        "phased": False,
        "depth": evidence.depth,
        "ref_depth": evidence.ref_depth,
        "alt_depth": evidence.alt_depths[0] if evidence.alt_depths else None,
        "vaf": evidence.vafs[0] if evidence.vafs else None,
        "filters": line.fields.get("FILTER", "") or ".",
        "population_af": _population_frequency(line.fields),
        "annotation": annotate.maf_annotation(
            line.fields, tuple(c for c in _ANNOTATION if c in line.fields)
        ),
        "flanks": flanks.given(line.fields, flanks.MAF_COLUMNS, ref, alt),
        "rsid": _rsid(line.fields.get("dbSNP_RS", "")),
    }
    reason = _spell(row, chrom, start, ref, alt, reference)
    named = any(line.fields.get(c, "") not in ("", ".", "NA") for c in _PROTEIN)
    named = named or line.fields.get("Variant_Classification") in _ALTERING
    if reason is None or (reason is _UNANCHORED and named):
        row.update(fate="kept", reason=reason.text if reason else None)
        return row, _PASSES
    row.update(fate="rejected", reason=reason.text)
    return row, reason


def _filter(row: dict[str, Any], thresholds: Thresholds) -> Reason:
    """Hold a row against FILTER and the thresholds; give it its fate."""
    declared = frozenset(row["filters"].split(";"))
    reasons = filters.by_filter(row["filters"], None, declared, reference=False)
    measured = {name: row[name] for name in ("depth", "vaf", "alt_depth")}
    reasons += filters.below(thresholds, measured)
    if not reasons:
        return _PASSES
    texts = [row["reason"], *(r.text for r in reasons)]
    row.update(fate="filtered", reason="; ".join(t for t in texts if t))
    return Reason(row["reason"], "; ".join(r.kind for r in reasons))


def _spell(
    row: dict[str, Any], chrom: str, start: int, ref: str, alt: str, reference: Reference | None
) -> Reason | None:
    """Give the row its VCF spelling; the reason when that cannot be."""
    ref, alt = ("" if a in ("-", "0", "") else a for a in (ref, alt))
    if any(a and not alleles.is_bases(a) for a in (ref, alt)) or ref == alt:
        said = "the alleles are not spelled in bases, or are the same"
        return Reason(said, said)
    longest = contigs.contigs()[chrom].lengths[row["build"]]
    if start + len(ref) - 1 > longest:
        said = "the position is beyond the end of the chromosome"
        return Reason(said, said)
    if ref and normalise.ref_agrees(chrom, start, ref, reference) is False:
        said = "Reference_Allele is not the reference sequence"
        return Reason(said, said)
    pos = start
    if not ref or not alt:
        # An insertion stands between Start_Position and the base after it.
        pos = start if not ref else start - 1
        anchor = reference.bases(chrom, pos, pos) if reference else None
        if anchor is None:
            return _UNANCHORED
        ref, alt = anchor + ref, anchor + alt
    spelled = normalise.normalise(chrom, pos, ref, alt, reference)
    row.update(pos=spelled.pos, ref=spelled.ref, alt=spelled.alt)
    return None


def _evidence(fields: Mapping[str, str], stated_vaf: float | None) -> Evidence:
    alt_depth = whole_number(fields.get("t_alt_count"))
    ref_depth = whole_number(fields.get("t_ref_count"))
    depth = whole_number(fields.get("t_depth"))
    if depth is None and alt_depth is not None and ref_depth is not None:
        depth = alt_depth + ref_depth
    vaf = stated_vaf
    if alt_depth is not None and depth:
        vaf = min(1.0, alt_depth / depth)
    return Evidence(
        depth=depth,
        ref_depth=ref_depth,
        alt_depths=() if alt_depth is None else (alt_depth,),
        vafs=() if vaf is None else (vaf,),
    )


def _stated_vafs(lines: list[MafLine]) -> list[float | None]:
    """The column of the tumor's allele fractions; in percent when a value is above 1."""
    names = [n for n in (lines[0].fields if lines else ()) if _holds_vaf(n)]
    if not names:
        return [None] * len(lines)
    values = [number(line.fields[sorted(names)[0]].rstrip("%")) for line in lines]
    known = [v for v in values if v is not None]
    scale = 0.01 if max(known, default=0.0) > 1 else 1.0
    return [None if v is None or not 0 <= v * scale <= 1 else v * scale for v in values]


def _holds_vaf(name: str) -> bool:
    bare = name.lower().replace("_", "")
    return "vaf" in bare and "normal" not in bare and not bare.startswith("n")


def _population_frequency(fields: Mapping[str, str]) -> float | None:
    found = [number(fields.get(name)) for name in _FREQUENCIES]
    return max((f for f in found if f is not None and 0 <= f <= 1), default=None)


def _rsid(text: str) -> str | None:
    return text if text.startswith("rs") and text[2:].isdecimal() else None
