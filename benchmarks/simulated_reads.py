"""Calling from simulated reads of real haplotypes: recall, precision, genotypes, diplotypes.

    APOTHECARY_SHARED=... python benchmarks/simulated_reads.py [--samples N] [--depth N] [--art]

Haplotypes are those of the 1000 Genomes panel on the slices of the pharmacogenes that are at hand;
reads are made by `apothecary.calling.simulation` (fixed seed, error model of our own) or, with
`--art`, by ART (Debian: art-nextgen-simulation-tools; HiSeq 2500, pairs of 150), aligned by
minimap2 to the slice of the gene alone and called over the whole slice. An aligner that sees the
whole genome has paralogs to deal with, which these figures do not show; CYP2D6 is left out for it.

Figures are of alleles in their left-aligned spelling, 500 bases from the ends of the slices, and of
genotypes among the alleles found. Diplotypes are compared with those of the same genotypes given
as a VCF without phase, in which what is not listed is reference.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "calling")]

import pysam  # noqa: E402
from calling_builders import GRCH38, Slices, align, read_slices, simulate  # noqa: E402

from apothecary import schemas, tables  # noqa: E402
from apothecary.alignments import files  # noqa: E402
from apothecary.calling import germline, simulation  # noqa: E402
from apothecary.calling.simulation import Change  # noqa: E402
from apothecary.knowledge import build  # noqa: E402
from apothecary.knowledge import pack as knowledge  # noqa: E402
from apothecary.pharmacogenes import pgx  # noqa: E402
from apothecary.variants.normalise import normalise  # noqa: E402
from apothecary.variants.reference import Fasta  # noqa: E402

GENES = ("ABCG2", "CACNA1S", "CYP2B6", "CYP2C19", "CYP2C9", "CYP3A4", "CYP3A5", "CYP4F2", "G6PD",
         "IFNL3", "NAT2", "NUDT15", "RYR1", "SLCO1B1", "TPMT", "UGT1A1", "VKORC1")  # fmt: skip
EDGE = 500

Genotypes = dict[tuple[str, int, str, str], int]


@dataclass
class Figures:
    """Counts of one gene over the samples."""

    true: int = 0
    called: int = 0
    right: int = 0
    genotypes: int = 0
    same: int = 0
    samples: int = 0


def haplotypes(
    path: Path, sample: str, chrom: str, start: int, text: str
) -> tuple[list[Change], list[Change]]:
    """The changes of both strands of a sample within a slice."""
    found: tuple[list[Change], list[Change]] = ([], [])
    with pysam.VariantFile(str(path)) as panel:
        panel.subset_samples([sample])
        for record in panel:
            offset = record.pos - start
            if (
                not EDGE <= offset <= len(text) - EDGE
                or record.chrom.removeprefix("chr") != chrom[3:]
            ):
                continue
            if text[offset : offset + len(record.ref)] != record.ref:
                continue
            for strand, allele in enumerate(record.samples[sample]["GT"][:2]):
                alt = record.alleles[allele] if allele else ""
                if alt and not alt.strip("ACGT"):
                    found[strand].append(Change(record.pos, record.ref, alt))
    return simulation.compatible(found[0]), simulation.compatible(found[1])


def genotypes(strands: Iterable[Sequence[Change]], chrom: str, reference: Fasta) -> Genotypes:
    """Copies of each allele, left-aligned."""
    copies: Genotypes = defaultdict(int)
    for strand in strands:
        for change in strand:
            one = normalise(chrom, change.pos, change.ref, change.alt, reference)
            copies[chrom, one.pos, one.ref, one.alt] += 1
    return dict(copies)


def called_genotypes(
    records: Iterable[germline.Record], reference: Fasta, chrom: str, start: int, end: int
) -> Genotypes:
    copies: Genotypes = {}
    for record in records:
        alts = record.alt.split(",")
        genotype = record.values["GT"].replace("|", "/").split("/")
        for number, alt in enumerate(alts, 1):
            count = genotype.count(str(number))
            if count and not alt.strip("ACGT") and record.chrom == chrom:
                one = normalise(chrom, record.pos, record.ref, alt, reference)
                if start + EDGE <= one.pos <= end - EDGE:
                    copies[chrom, one.pos, one.ref, one.alt] = count
    return copies


def vcf(path: Path, copies: Genotypes) -> Path:
    """The genotypes as a VCF without phase."""
    lines = ["##fileformat=VCFv4.3"]
    lines += [f"##contig=<ID={name},length={length}>" for name, length in GRCH38.items()]
    lines += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    lines += ["#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1"]
    for (chrom, pos, ref, alt), count in sorted(copies.items()):
        genotype = "1/1" if count == 2 else "0/1"
        lines.append(f"{chrom}\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\t.\tGT\t{genotype}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def diplotypes(file: Path, pack: Path, *, absent: bool) -> dict[str, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        options = pgx.PgxOptions(
            file=file, out=Path(folder), pack=pack, mode="compatible", absent_as_reference=absent
        )
        pgx.run_pgx(options)
        rows = tables.read_rows(Path(folder) / "diplotypes.parquet", schemas.DIPLOTYPES)
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row["gene"]].append(str(row["diplotype"]))
    return {gene: sorted(names) for gene, names in found.items()}


Strands = tuple[dict[tuple[str, int], list[Change]], dict[tuple[str, int], list[Change]]]


def by_art(strands: Strands, slices: Slices, folder: Path, depth: float, seed: int) -> Path:
    """Reads of both strands that ART makes, aligned to the slices."""
    pairs = []
    for number, changes in enumerate(strands):
        source, prefix = folder / f"strand{number}.fa", folder / f"strand{number}."
        with source.open("w", encoding="ascii") as stream:
            for (chrom, start), text in sorted(slices.items()):
                bases = simulation.haplotype(text, start, changes.get((chrom, start), ()))
                stream.write(f">{chrom}.{start}.{number}\n{bases}\n")
        words = ["-ss", "HS25", "-na", "-q", "-p", "-l", "150", "-m", "350", "-s", "50"]
        words += ["-f", f"{depth / len(strands):g}", "-rs", str(2 * seed + number)]
        words += ["-d", f"s{number}.", "-i", str(source), "-o", str(prefix)]
        subprocess.run(["art_illumina", *words], check=True, stdout=subprocess.DEVNULL)
        pairs.append((folder / f"strand{number}.1.fq", folder / f"strand{number}.2.fq"))
    return align(pairs, slices, folder, "S1")


def measure(
    shared: Path,
    pack: Path,
    sample: str,
    options: argparse.Namespace,
    seed: int,
    totals: Mapping[str, Figures],
) -> None:
    """Simulate, call and compare one sample, all genes together."""
    fasta = shared / "data" / "reference" / "grch38_slices.fa.gz"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reference = Fasta(fasta, folder / "fasta")
        slices, truth, strands = {}, {}, ({}, {})
        for gene in GENES:
            ((chrom, start), text) = next(iter(read_slices(fasta, [gene]).items()))
            panel = shared / "data" / "panel1kg" / f"{gene}.GRCh38.vcf.gz"
            pair = haplotypes(panel, sample, chrom, start, text)
            slices[chrom, start] = text
            truth[gene] = (chrom, start, start + len(text) - 1, genotypes(pair, chrom, reference))
            for strand, changes in zip(strands, pair, strict=True):
                strand[chrom, start] = changes
        if options.art:
            bam = by_art(strands, slices, folder, options.depth, seed)
        else:
            bam = simulate(strands, slices, folder, "S1", options.depth, seed)
        alignment = files.look(str(bam))
        positions = [r for r in knowledge.load(pack).rows("pgx_positions") if r["gene"] in GENES]
        work = folder / "work"
        work.mkdir()
        called = germline.call(
            alignment,
            reference,
            germline.forced_positions(positions, "GRCh38"),
            [(chrom, start, end) for chrom, start, end, _ in truth.values()],
            "F",
            germline.GermlineSettings(),
            work,
        )
        gvcf = folder / "S1.g.vcf.gz"
        germline.write(gvcf, called, alignment, "S1")
        everything = {k: v for _, _, _, copies in truth.values() for k, v in copies.items()}
        by_reads = diplotypes(gvcf, pack, absent=False)
        by_genotypes = diplotypes(vcf(folder / "S1.vcf", everything), pack, absent=True)
        for gene, (chrom, start, end, copies) in truth.items():
            found = called_genotypes(called.records, reference, chrom, start, end)
            counted = totals[gene]
            right = set(found) & set(copies)
            counted.true += len(copies)
            counted.called += len(found)
            counted.right += len(right)
            counted.genotypes += sum(found[key] == copies[key] for key in right)
            counted.same += by_reads.get(gene) == by_genotypes.get(gene)
            counted.samples += 1
            if by_reads.get(gene) != by_genotypes.get(gene):
                told = f"reads {by_reads.get(gene)}, genotypes {by_genotypes.get(gene)}"
                print(f"  {sample} {gene}: {told}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--depth", type=float, default=30)
    parser.add_argument("--art", action="store_true", help="reads made by ART")
    options = parser.parse_args()
    if options.art and shutil.which("art_illumina") is None:
        print("art_illumina is not installed (Debian: art-nextgen-simulation-tools)")
        return 1
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        print("APOTHECARY_SHARED is not set: the data are not at hand")
        return 0
    folder = Path(shared)
    pysam.set_verbosity(0)  # The panel has no index, and is read through.
    with pysam.VariantFile(str(folder / "data" / "panel1kg" / "TPMT.GRCh38.vcf.gz")) as panel:
        names = sorted(panel.header.samples)
    chosen = random.Random(1).sample(names, options.samples)
    totals: dict[str, Figures] = defaultdict(Figures)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as work:
        pack = Path(work) / "pack"
        build.build(ROOT / "resources" / "knowledge", pack)
        for number, sample in enumerate(chosen):
            measure(folder, pack, sample, options, number + 1, totals)
    print(f"{len(chosen)} samples, {options.depth:g} reads deep: {', '.join(chosen)}")
    print("gene      recall   precision  genotype  alleles  same diplotypes")
    whole = Figures()
    for gene in GENES:
        one = totals[gene]
        print(line(gene, one))
        for key, value in vars(one).items():
            setattr(whole, key, getattr(whole, key) + value)
    print(line("all", whole))
    print(f"CPU of this process {time.process_time() - began:.0f} s")
    return 0


def line(gene: str, one: Figures) -> str:
    recall = one.right / one.true if one.true else float("nan")
    precision = one.right / one.called if one.called else float("nan")
    genotype = one.genotypes / one.right if one.right else float("nan")
    same = f"{one.same} of {one.samples}"
    return f"{gene:9} {recall:.4f}   {precision:.4f}     {genotype:.4f}    {one.true:5}    {same}"


if __name__ == "__main__":
    sys.exit(main())
