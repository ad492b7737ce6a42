"""HGVS names of variants, by hgvs-weaver on the user's gene models and reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import weaver

from apothecary.oncogenes import proteins
from apothecary.oncogenes.gene_models import Reference, Transcript
from apothecary.oncogenes.proteins import ProteinChange

_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
_PROTEIN = "P-"
_CODE = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_CODONS = {
    a + b + c: _CODE[16 * i + 4 * j + k]
    for i, a in enumerate("TCAG")
    for j, b in enumerate("TCAG")
    for k, c in enumerate("TCAG")
}


@dataclass(frozen=True)
class Names:
    """The names of a variant in one transcript.

    Attributes:
        hgvs_g: On the chromosome, without accession, shifted to the 3' end.
        hgvs_c: On the coding sequence (c.) or the transcript (n.), without accession.
        change: The change of the protein; None when none is predicted.
    """

    hgvs_g: str | None
    hgvs_c: str | None
    change: ProteinChange | None


class Namer:
    """Names variants in the transcripts of one set of gene models."""

    def __init__(self, transcripts: Sequence[Transcript], reference: Reference) -> None:
        """Prepare.

        Args:
            transcripts: Gene models.
            reference: Bases of their chromosomes; GRCh38 slices will do.
        """
        self._provider = _Provider(transcripts, reference)
        self._mapper = weaver.VariantMapper(self._provider)
        self._reference = reference

    def name(self, transcript: Transcript, pos: int, ref: str, alt: str) -> Names:
        """Name a variant.

        Args:
            transcript: The transcript to name it in.
            pos: 1-based position, VCF style, on the chromosome of the transcript.
            ref: Reference bases; they must be those of the reference.
            alt: Alternate bases.

        Returns:
            The names; those that hgvs-weaver refuses (the change runs over the end of the
            transcript, for example) are None.
        """
        text = genomic(pos, ref, alt)
        try:
            on_genome = weaver.parse(f"{transcript.chrom}:{text}")
            normal = self._mapper.normalize_variant(on_genome)
            hgvs_g = _bare(normal.format())
        except weaver.HGVSError:
            return Names(text if len(ref) == len(alt) == 1 else None, None, None)
        upstream = self._before_transcript(transcript, pos, ref, alt)
        if upstream:
            return Names(hgvs_g, upstream, None)
        if not transcript.cds:
            return Names(hgvs_g, None, None)
        try:
            coding = self._mapper.g_to_c(normal, transcript.name)
            coding = self._mapper.normalize_variant(coding)
        except (weaver.HGVSError, ValueError):
            return Names(hgvs_g, None, None)
        hgvs_c = _bare(coding.format())
        try:
            protein = self._mapper.c_to_p(coding, f"{_PROTEIN}{transcript.name}")
        except (weaver.HGVSError, ValueError):
            return Names(hgvs_g, hgvs_c, None)
        change = proteins.parse(_bare(protein.format()))
        if change and change.stop_in and not self._whole(transcript):
            change = replace(change, stop_in=None)  # the new stop was read over unknown bases
        return Names(hgvs_g, hgvs_c, change)

    def _whole(self, transcript: Transcript) -> bool:
        return self._reference.holds(transcript.chrom, transcript.start, transcript.end)

    def _before_transcript(
        self, transcript: Transcript, pos: int, ref: str, alt: str
    ) -> str | None:
        """The c. name of a substitution upstream of the first exon, such as c.-124C>T.

        Positions before the transcript go on counting from the start codon as those of the 5'
        untranslated region do.
        """
        if len(ref) != 1 or len(alt) != 1 or not transcript.cds:
            return None
        plus = transcript.strand == "+"
        if (pos >= transcript.start) if plus else (pos <= transcript.end):
            return None
        distance = transcript.start - pos if plus else pos - transcript.end
        number = distance + _untranslated_bases(transcript)
        if not plus:
            ref, alt = ref.translate(_COMPLEMENT), alt.translate(_COMPLEMENT)
        return f"c.-{number}{ref}>{alt}"


def genomic(pos: int, ref: str, alt: str) -> str:
    """A variant as HGVS on the chromosome, without accession and without shift.

    Args:
        pos: 1-based position, VCF style.
        ref: Reference bases.
        alt: Alternate bases.
    """
    if ref == alt:
        return f"g.{pos}="
    while ref and alt and ref[-1] == alt[-1] and len(ref) + len(alt) > 2:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        ref, alt, pos = ref[1:], alt[1:], pos + 1
    last = pos + len(ref) - 1
    span = f"{pos}_{last}" if last > pos else f"{pos}"
    if len(ref) == len(alt) == 1:
        return f"g.{pos}{ref}>{alt}"
    if not alt:
        return f"g.{span}del"
    if not ref:
        return f"g.{pos - 1}_{pos}ins{alt}"
    return f"g.{span}delins{alt}"


def _untranslated_bases(transcript: Transcript) -> int:
    """Bases of the 5' untranslated region."""
    if transcript.strand == "+":
        start = transcript.cds[0][0]
        return sum(min(e, start - 1) - s + 1 for s, e in transcript.exons if s < start)
    end = transcript.cds[-1][1]
    return sum(e - max(s, end + 1) + 1 for s, e in transcript.exons if e > end)


def _bare(name: str) -> str:
    return name.rsplit(":", 1)[-1]


class _Provider:
    """What hgvs-weaver asks of transcripts and sequences; see weaver.DataProvider."""

    def __init__(self, transcripts: Sequence[Transcript], reference: Reference) -> None:
        self._transcripts = {t.name: t for t in transcripts}
        self._reference = reference
        self._sequences: dict[str, str] = {}

    def get_transcript(self, transcript_ac: str, reference_ac: str | None) -> weaver.TranscriptData:
        """The transcript with its exons, 0-based."""
        transcript = self._transcripts[transcript_ac]
        plus = transcript.strand == "+"
        exons: list[weaver.ExonData] = []
        at = 0
        for start, end in transcript.exons if plus else reversed(transcript.exons):
            length = end - start + 1
            exons.append(
                {
                    "transcript_start": at,
                    "transcript_end": at + length,
                    "reference_start": start - 1,
                    "reference_end": end - 1,  # inclusive, unlike transcript_end
                    "alt_strand": 1 if plus else -1,
                    "cigar": f"{length}=",
                }
            )
            at += length
        first, last = self._coding_range(transcript)
        return {
            "ac": transcript.name,
            "gene": transcript.gene,
            "cds_start_index": first,
            "cds_end_index": last,
            "strand": 1 if plus else -1,
            "reference_accession": transcript.chrom,
            "exons": exons,
        }

    @staticmethod
    def _coding_range(transcript: Transcript) -> tuple[int | None, int | None]:
        if not transcript.cds:
            return None, None
        first = _untranslated_bases(transcript)
        return first, first + sum(e - s + 1 for s, e, _ in transcript.cds) - 1

    def get_seq(
        self, ac: str, start: int, end: int | None, kind: str | weaver.IdentifierType
    ) -> str:
        """Bases or residues, 0-based half-open; what the reference lacks is N."""
        if ac in self._transcripts or ac.startswith(_PROTEIN):
            return self._sequence(ac)[start:end]
        if end is None:
            raise KeyError(f"{ac}: a whole chromosome is not served")
        return self._reference.padded(ac, start + 1, end)

    def _sequence(self, ac: str) -> str:
        if ac not in self._sequences:
            transcript = self._transcripts[ac.removeprefix(_PROTEIN)]
            bases = "".join(
                self._reference.padded(transcript.chrom, s, e) for s, e in transcript.exons
            )
            if transcript.strand == "-":
                bases = bases.translate(_COMPLEMENT)[::-1]
            if ac.startswith(_PROTEIN):
                first, last = self._coding_range(transcript)
                coding = bases[first : (last or 0) + 1]
                bases = "".join(
                    _CODONS.get(coding[at : at + 3], "X") for at in range(0, len(coding) - 2, 3)
                )
            self._sequences[ac] = bases
        return self._sequences[ac]

    def get_symbol_accessions(
        self, symbol: str, source_kind: str, target_kind: str
    ) -> list[tuple[str, str]]:
        """The protein of a transcript, which bears its name."""
        if symbol in self._transcripts and "rotein" in str(target_kind):
            return [("protein_accession", f"{_PROTEIN}{symbol}")]
        return []

    def get_identifier_type(self, identifier: str) -> str:
        """Transcript, protein or chromosome."""
        if identifier in self._transcripts:
            return "transcript_accession"
        return "protein_accession" if identifier.startswith(_PROTEIN) else "genomic_accession"
