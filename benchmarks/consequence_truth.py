"""Consequence and HGVS against the sets that others checked, row by row.

    APOTHECARY_SHARED=... python benchmarks/consequence_truth.py

- hgvs_handchecked_grch38: names checked by hand.
- vcf2maf_b38_consequence: what VEP says of a VCF (c., p., terms, exon).
- hmf_pave_reverse_protein_to_genomic: variants of the genome that make a protein change.

A row that the slices or the gene models do not cover is counted apart. A difference is explained
only by what a program can see: an REF that is not the reference's, residues numbered in another
transcript, HGVS's rule that a change is named by the first residue that changes, or terms that
bcftools csq has not.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary.oncogenes import back_translation, csq, edits, hgvs, proteins  # noqa: E402
from apothecary.oncogenes.gene_models import (  # noqa: E402
    Reference,
    Transcript,
    TranscriptIndex,
    read_gff,
)

AGREES, EXPLAINED, DIFFERS, NOT_COVERED = "agrees", "explained", "differs", "not covered"
_ONLY_VEP = frozenset(
    {
        "splice_donor_5th_base_variant",
        "splice_donor_region_variant",
        "splice_polypyrimidine_tract_variant",
        "NMD_transcript_variant",
    }
)


@dataclass(frozen=True)
class Verdict:
    """What became of one item of a set."""

    truth: str
    item: str
    verdict: str
    words: str


@dataclass(frozen=True)
class Models:
    """Gene models and reference of the regression data."""

    transcripts: dict[str, Transcript]
    select: dict[str, str]
    reference: Reference
    namer: hgvs.Namer
    folder: Path

    def of_gene(self, gene: str) -> list[Transcript]:
        """The transcripts of a gene."""
        return [t for t in self.transcripts.values() if t.gene == gene]


def load(shared: Path, folder: Path) -> Models:
    """The slices as one reference, the gene models and the MANE Select transcripts."""
    data = shared / "data"
    slices = folder / "slices.fa"
    with slices.open("w") as stream:
        for name in ("oncogene_slices.fa.gz", "grch38_slices.fa.gz"):
            with gzip.open(data / "reference" / name, "rt") as packed:
                stream.write(packed.read())
    with gzip.open(data / "annotation" / "MANE.GRCh38.v1.5.summary.txt.gz", "rt") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    transcripts = read_gff(data / "reference" / "genes_ensembl.gff3.gz")
    reference = Reference(slices)
    return Models(
        {t.name.split(".")[0]: t for t in transcripts},
        {
            row["symbol"]: row["Ensembl_nuc"].split(".")[0]
            for row in rows
            if row["MANE_status"] == "MANE Select"
        },
        reference,
        hgvs.Namer(reference),
        folder,
    )


def verdicts(shared: Path, models: Models) -> Iterator[Verdict]:
    """The verdict of every row of the three sets; of the third, of every variant of a row."""
    cases = shared / "cases" / "onco"
    for row in _rows(cases / "hgvs_handchecked_grch38.tsv"):
        yield _handchecked(row, models)
    for row in _rows(cases / "vcf2maf_b38_consequence.tsv"):
        yield _of_vep(row, models)
    for row in _rows(cases / "hmf_pave_reverse_protein_to_genomic.tsv"):
        yield from _reversed(row, models)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t")


def _split(text: str) -> tuple[str, int, str, str]:
    chrom, pos, alleles = text.split(":")
    ref, alt = alleles.split(">")
    return f"chr{chrom.removeprefix('chr')}", int(pos), ref, alt


def _handchecked(row: dict[str, str], models: Models) -> Verdict:
    truth, item = "hgvs_handchecked", f"{row['gene']} {row['grch38']}"
    chrom, pos, ref, alt = _split(row["grch38"])
    transcript = models.transcripts.get(row["transcript"].split(".")[0])
    if transcript is None or not models.reference.holds(chrom, pos, pos + len(ref) - 1):
        return Verdict(truth, item, NOT_COVERED, "no gene model or no bases")
    names = models.namer.name(transcript, pos, ref, alt)
    expected = row["expected_hgvsc"].split(" ")[0], row["expected_hgvsp"]
    protein = f"p.({names.change.three_letter()[2:]})" if names.change else "p.?"
    if names.unpredicted:
        protein = "p.?"
    found = names.hgvs_c, protein
    same = found == expected
    return Verdict(truth, item, AGREES if same else DIFFERS, f"{found} for {expected}")


def _of_vep(row: dict[str, str], models: Models) -> Verdict:
    truth, item = "vcf2maf", f"{row['Hugo_Symbol']} {row['HGVSc']}"
    chrom, start = f"chr{row['Chromosome'].removeprefix('chr')}", int(row["Start_Position"])
    ref, alt = (row[c].strip("-") for c in ("Reference_Allele", "Tumor_Seq_Allele2"))
    pos = start if not ref else start - 1
    transcript = models.transcripts.get(row["Transcript_ID"].split(".")[0])
    if transcript is None or not models.reference.holds(chrom, pos, pos + len(ref)):
        return Verdict(truth, item, NOT_COVERED, "no gene model or no bases")
    if len(ref) != len(alt):
        before = models.reference.bases(chrom, pos, pos)
        ref, alt = before + ref, before + alt
    else:
        pos = start
    names = models.namer.name(transcript, pos, ref, alt)
    index = TranscriptIndex([transcript])
    told = csq.annotate([(chrom, pos, ref, alt)], index, models.reference, models.folder)
    terms = {t for one in told.get((chrom, pos, ref, alt), ()) for t in one.terms.split("&")}
    wanted = set(row["Consequence"].split(","))
    protein = "" if names.unpredicted or not names.change else names.change.three_letter()
    short = f"p.{names.change.one_letter()}" if names.change else ""
    found = names.hgvs_c, protein, short
    expected = row["HGVSc"], row["HGVSp"], row["HGVSp_Short"]
    words = f"{found} {sorted(terms)} for {expected} {sorted(wanted)}"
    if found != expected or terms - wanted or wanted - terms - _ONLY_VEP:
        return Verdict(truth, item, DIFFERS, words)
    if wanted != terms:
        only = ", ".join(sorted(wanted - terms))
        return Verdict(truth, item, EXPLAINED, f"bcftools csq has no term {only}")
    return Verdict(truth, item, AGREES, words)


def _reversed(row: dict[str, str], models: Models) -> Iterator[Verdict]:
    truth, query = "pave", row["protein_query"]
    gene, _, text = query.replace(":", " ").partition(" ")
    change = proteins.parse(text)
    transcript = models.transcripts.get(models.select.get(gene, ""))
    variants = [_split(v) for v in dict.fromkeys(row["expected_genomic_changes_GRCh38"].split(";"))]
    listed: set[edits.Edit] = set()
    if transcript and change:
        of = models.namer.messenger(transcript)
        made = back_translation.variants(change, of, models.reference)
        listed = {_last(models, variant) for variant in made}
    for variant in variants:
        chrom, pos, ref, alt = variant
        item = f"{query} {chrom}:{pos}:{ref}>{alt}"
        if transcript is None or not models.reference.holds(chrom, pos, pos + len(ref) - 1):
            yield Verdict(truth, item, NOT_COVERED, "no gene model or no bases")
        elif change is None:
            yield Verdict(truth, item, DIFFERS, "the change is not read")
        elif models.reference.bases(chrom, pos, pos + len(ref) - 1) != ref:
            base = models.reference.bases(chrom, pos, pos + len(ref) - 1)
            words = f"its REF is not that of the reference, {base}"
            yield Verdict(truth, item, EXPLAINED, words)
        elif _last(models, variant) in listed:
            yield Verdict(truth, item, AGREES, "listed")
        else:
            yield _explained(truth, item, change, transcript, variant, models)


def _last(models: Models, variant: tuple[str, int, str, str]) -> edits.Edit:
    return edits.shifted(edits.of(*variant), models.reference, up=True)


def _explained(
    truth: str,
    item: str,
    change: proteins.ProteinChange,
    transcript: Transcript,
    variant: tuple[str, int, str, str],
    models: Models,
) -> Verdict:
    for other in models.of_gene(transcript.gene):
        made = models.namer.name(other, *variant[1:]).change
        if made and proteins.same(change, made):
            words = f"its residues are numbered in {other.name}, not in MANE Select"
            return Verdict(truth, item, EXPLAINED, words)
    made = models.namer.name(transcript, *variant[1:]).change
    of = models.namer.messenger(transcript)
    base = of.place(edits.of(*variant).start).base - (of.coding_start or 0)
    inside = abs(base // 3 + 1 - change.start) <= 1
    breaks = made and made.kind in (proteins.FRAMESHIFT, proteins.NONSENSE)
    if change.kind == proteins.FRAMESHIFT and breaks and inside:
        words = f"HGVS names the first residue that changes: {made.one_letter() if made else ''}"
        return Verdict(truth, item, EXPLAINED, words)
    found = made.one_letter() if made else "no change"
    return Verdict(truth, item, DIFFERS, f"{found} for {change.one_letter()}")


def main() -> None:
    """Print every row that does not agree, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.parse_args()
    shared = Path(os.environ["APOTHECARY_SHARED"])
    with tempfile.TemporaryDirectory() as folder:
        found = list(verdicts(shared, load(shared, Path(folder))))
    for one in found:
        if one.verdict != AGREES:
            print(f"{one.truth}\t{one.verdict}\t{one.item}\t{one.words}")
    counts = Counter((one.truth, one.verdict) for one in found)
    for (truth, verdict), count in sorted(counts.items()):
        print(f"{truth}: {count} {verdict}")


if __name__ == "__main__":
    main()
