"""Consequences by bcftools csq in local mode.

Every variant is judged by itself (`--local-csq`): without it neighbours on one haplotype are
merged and named by the first of them. The program reads only what lies around the genes of the
variants, cut from the user's reference and gene models into the work folder, so that slices and
whole genomes, and every naming of chromosomes, are one case.

Danecek P, McCarthy SA. BCFtools/csq: haplotype-aware variant consequences. Bioinformatics 2017.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from apothecary.oncogenes import proteins
from apothecary.oncogenes.gene_models import Reference, Transcript, TranscriptIndex
from apothecary.oncogenes.proteins import ProteinChange

Locus = tuple[str, int, str, str]
MARGIN = 5_000
"""Bases kept on both sides of a gene; csq looks no further than its transcripts."""

_BASES = re.compile(r"[ACGTN]+")
_AMINO_ACIDS = re.compile(r"(?P<pos>\d+)(?P<residues>[A-Z*]*)")
_RUN = "import sys, pysam.bcftools as b; b.csq(*sys.argv[1:], catch_stdout=False)"


@dataclass(frozen=True)
class Consequence:
    """What csq says of one variant in one transcript."""

    transcript: Transcript
    terms: str
    amino_acids: str

    def protein_change(self) -> ProteinChange | None:
        """The protein change by csq's own amino acids, without HGVS's shift to the 3' end."""
        return change_of(self.terms, self.amino_acids)


@dataclass(frozen=True)
class _Piece:
    """A stretch of a chromosome that holds overlapping genes; positions 1-based inclusive."""

    chrom: str
    start: int
    end: int
    transcripts: tuple[Transcript, ...]


def annotate(
    loci: Iterable[Locus],
    transcripts: TranscriptIndex,
    reference: Reference,
    work_folder: Path | str,
) -> dict[Locus, list[Consequence]]:
    """Name the consequences of variants.

    Args:
        loci: Chromosome with chr, 1-based position, reference and alternate bases.
        transcripts: Gene models, indexed.
        reference: Where their bases are read. What it does not hold of a transcript counts as N:
            codons that it holds are named nevertheless.
        work_folder: An existing folder for temporary files.

    Returns:
        For each variant within a transcript, what csq says, sorted by transcript. Variants whose
        REF is not what the reference has are left out, as are symbolic alleles.

    Raises:
        RuntimeError: bcftools failed, with its message.
    """
    wanted = sorted({locus for locus in loci if _BASES.fullmatch(locus[2] + locus[3])})
    agreeing = [
        (chrom, pos, ref, alt)
        for chrom, pos, ref, alt in wanted
        if reference.bases(chrom, pos, pos + len(ref) - 1) == ref
    ]
    pieces, inside = _pieces(agreeing, transcripts)
    if not inside:
        return {}
    by_name = {t.name: t for piece in pieces for t in piece.transcripts}
    found: dict[Locus, list[Consequence]] = {}
    with tempfile.TemporaryDirectory(dir=work_folder, prefix="csq.") as folder:
        output = _run(Path(folder), pieces, inside, reference)
        for number, position, ref, alt, text in output:
            piece = pieces[number]
            locus = (piece.chrom, position + piece.start - 1, ref, alt)
            found.setdefault(locus, []).extend(_read(text, by_name))
    return {locus: _merged(consequences) for locus, consequences in sorted(found.items())}


def _merged(consequences: list[Consequence]) -> list[Consequence]:
    """One consequence a transcript: csq tells of the splice region and of the codon apart."""
    by_name: dict[str, Consequence] = {}
    for one in sorted(consequences, key=lambda c: (c.transcript.name, not c.amino_acids, c.terms)):
        before = by_name.get(one.transcript.name)
        if before is None:
            by_name[one.transcript.name] = one
            continue
        terms = dict.fromkeys([*before.terms.split("&"), *one.terms.split("&")])
        by_name[one.transcript.name] = replace(before, terms="&".join(terms))
    return list(by_name.values())


def _pieces(
    wanted: Sequence[Locus], transcripts: TranscriptIndex
) -> tuple[list[_Piece], list[tuple[int, Locus]]]:
    """Stretches around the transcripts that variants lie in, and the variants of each.

    Transcripts that overlap share a stretch, so that a variant is in one stretch only.
    """
    touched = {
        transcript.name: transcript
        for chrom, pos, ref, _ in wanted
        for transcript in transcripts.overlapping(chrom, pos, pos + len(ref) - 1)
    }
    spans: list[tuple[str, int, int, list[Transcript]]] = []
    for one in sorted(touched.values(), key=lambda t: (t.chrom, t.start, t.name)):
        if spans and spans[-1][0] == one.chrom and one.start <= spans[-1][2] + 1:
            chrom, start, end, members = spans[-1]
            spans[-1] = (chrom, start, max(end, one.end), [*members, one])
        else:
            spans.append((one.chrom, one.start, one.end, [one]))
    pieces = [
        _Piece(chrom, max(start - MARGIN, 1), end + MARGIN, tuple(members))
        for chrom, start, end, members in spans
    ]
    numbers = {t.name: number for number, piece in enumerate(pieces) for t in piece.transcripts}
    inside = {
        (numbers[transcript.name], locus)
        for locus in wanted
        for transcript in transcripts.overlapping(locus[0], locus[1], locus[1] + len(locus[2]) - 1)
    }
    return pieces, sorted(inside)


def _run(
    folder: Path,
    pieces: Sequence[_Piece],
    inside: Sequence[tuple[int, Locus]],
    reference: Reference,
) -> list[tuple[int, int, str, str, str]]:
    fasta, gff, vcf, out = (folder / name for name in ("r.fa", "g.gff", "v.vcf", "o.vcf"))
    with fasta.open("w") as stream:
        for number, piece in enumerate(pieces):
            bases = reference.padded(piece.chrom, piece.start, piece.end)
            stream.write(f">p{number}\n{bases}\n")
    gff.write_text("##gff-version 3\n" + "".join(_gff(n, p) for n, p in enumerate(pieces)))
    header = "".join(
        f"##contig=<ID=p{number},length={piece.end - piece.start + 1}>\n"
        for number, piece in enumerate(pieces)
    )
    lines = [
        f"p{number}\t{locus[1] - pieces[number].start + 1}\t.\t{locus[2]}\t{locus[3]}\t.\t.\t.\n"
        for number, locus in sorted(inside)
    ]
    vcf.write_text(
        "##fileformat=VCFv4.2\n"
        + header
        + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + "".join(lines)
    )
    # A process of its own: pysam's bcftools holds the interpreter's lock and shares globals.
    arguments = ["--local-csq", "--force", "--ncsq", "4096", "--no-version"]
    arguments += ["-f", str(fasta), "-g", str(gff), "-O", "v", "-o", str(out), str(vcf)]
    result = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    if result.returncode != 0:
        raise RuntimeError(f"bcftools csq failed: {result.stderr.strip()[-2000:]}")
    found = []
    for line in out.read_text().splitlines():
        if line.startswith("#"):
            continue
        name, position, _, ref, alt, _, _, info = line.split("\t")[:8]
        match = re.search(r"(?:^|;)BCSQ=([^;]*)", info)
        if match:
            found.append((int(name[1:]), int(position), ref, alt, match[1]))
    return found


def _gff(number: int, piece: _Piece) -> str:
    """The transcripts of a piece as csq wants them: Ensembl's identifiers, genes first."""
    lines: list[str] = []
    genes: dict[str, list[Transcript]] = {}
    for transcript in piece.transcripts:
        genes.setdefault(transcript.gene_id, []).append(transcript)

    def line(kind: str, start: int, end: int, strand: str, phase: str, attributes: str) -> None:
        offset = piece.start - 1
        lines.append(
            f"p{number}\tx\t{kind}\t{start - offset}\t{end - offset}\t.\t{strand}\t{phase}"
            f"\t{attributes}\n"
        )

    for gene_id, transcripts in sorted(genes.items()):
        start = min(t.start for t in transcripts)
        end = max(t.end for t in transcripts)
        first = transcripts[0]
        biotype = "protein_coding" if any(t.cds for t in transcripts) else first.biotype
        line(
            "gene",
            start,
            end,
            first.strand,
            ".",
            f"ID=gene:{gene_id};Name={first.gene or gene_id};biotype={biotype}",
        )
        for t in transcripts:
            parent = f"Parent=transcript:{t.name}"
            line(
                "mRNA" if t.cds else "transcript",
                t.start,
                t.end,
                t.strand,
                ".",
                f"ID=transcript:{t.name};Parent=gene:{gene_id};biotype={t.biotype}",
            )
            for s, e in t.exons:
                line("exon", s, e, t.strand, ".", parent)
            for s, e in _untranslated(t, before=True):
                kind = "five_prime_UTR" if t.strand == "+" else "three_prime_UTR"
                line(kind, s, e, t.strand, ".", parent)
            for s, e in _untranslated(t, before=False):
                kind = "three_prime_UTR" if t.strand == "+" else "five_prime_UTR"
                line(kind, s, e, t.strand, ".", parent)
            for s, e, phase in t.cds:
                line("CDS", s, e, t.strand, str(phase), f"ID=CDS:{t.name};{parent}")
    return "".join(lines)


def _untranslated(transcript: Transcript, *, before: bool) -> list[tuple[int, int]]:
    if not transcript.cds:
        return []
    if before:
        limit = transcript.cds[0][0] - 1
        return [(s, min(e, limit)) for s, e in transcript.exons if s <= limit]
    limit = transcript.cds[-1][1] + 1
    return [(max(s, limit), e) for s, e in transcript.exons if e >= limit]


def _read(text: str, by_name: dict[str, Transcript]) -> list[Consequence]:
    found = []
    for entry in text.split(","):
        if entry.startswith("@"):  # points to another record: does not happen in local mode
            continue
        parts = entry.split("|")
        terms = parts[0].lstrip("*")
        transcript = by_name.get(parts[2]) if len(parts) > 2 else None
        if transcript is None:
            continue
        terms = "&".join(_ontology(term) for term in terms.split("&"))
        found.append(Consequence(transcript, terms, parts[5] if len(parts) > 5 else ""))
    return found


_TERMS = {
    "missense": "missense_variant",
    "synonymous": "synonymous_variant",
    "frameshift": "frameshift_variant",
    "inframe_altering": "protein_altering_variant",
    "splice_acceptor": "splice_acceptor_variant",
    "splice_donor": "splice_donor_variant",
    "splice_region": "splice_region_variant",
    "stop_retained": "stop_retained_variant",
    "start_retained": "start_retained_variant",
    "5_prime_utr": "5_prime_UTR_variant",
    "3_prime_utr": "3_prime_UTR_variant",
    "non_coding": "non_coding_transcript_variant",
    "intron": "intron_variant",
    "intergenic": "intergenic_variant",
    "inframe_deletion": "inframe_deletion",
    "inframe_insertion": "inframe_insertion",
    "feature_elongation": "feature_elongation",
    "coding_sequence": "coding_sequence_variant",
}


def _ontology(term: str) -> str:
    """A short term of csq as a term of the Sequence Ontology."""
    return _TERMS.get(term, term)


def change_of(terms: str, amino_acids: str) -> ProteinChange | None:
    """A protein change from csq's amino acids, such as 600V>600E or 18E>18VKRL*..

    Args:
        terms: Sequence Ontology terms joined by &.
        amino_acids: csq's field; empty for variants that touch no residue.

    Returns:
        The change, or None when the field does not tell.
    """
    before, _, after = amino_acids.partition(">")
    old = _AMINO_ACIDS.match(before)
    if not old or not old["residues"]:
        return None
    position, residues = int(old["pos"]), old["residues"]
    if "start_lost" in terms:
        return ProteinChange(proteins.START_LOST, 1, 1, "M", "M")
    if not after:
        return ProteinChange(proteins.SYNONYMOUS, position, position, residues[0], residues[0])
    new = _AMINO_ACIDS.match(after)
    if not new:
        return None
    fresh = new["residues"]
    if "frameshift" in terms:
        return frameshift(position, residues, fresh)
    return proteins.from_residues(position, residues, fresh)


def frameshift(position: int, residues: str, fresh: str) -> ProteinChange | None:
    """A frameshift, named by the first residue that changes; see HGVS, protein, frameshift."""
    at = 0
    while at < min(len(residues), len(fresh)) and residues[at] == fresh[at]:
        at += 1
    if at >= len(residues) or at >= len(fresh):
        return None
    first = position + at
    if fresh[at] == "*":
        return ProteinChange(proteins.NONSENSE, first, first, residues[at], residues[at])
    stop = fresh.find("*", at)
    if "X" in fresh[at : stop + 1]:  # read over bases that the reference does not hold
        stop = -1
    return ProteinChange(
        proteins.FRAMESHIFT,
        first,
        first,
        residues[at],
        residues[at],
        fresh[at],
        stop - at + 1 if stop >= 0 else None,
    )
