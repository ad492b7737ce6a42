"""Alignment QC beside mosdepth and samtools stats: CPU, memory, and the difference of every metric.

Usage: python benchmarks/alignment_qc.py [--reads N]

Needs mosdepth and samtools. The CPU is of made reads over targets of 400 genes; the metrics are
compared on those, and on the real reads of APOTHECARY_SHARED.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pysam

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary import plan, schemas, tables  # noqa: E402
from apothecary.knowledge import build, lock, pack  # noqa: E402
from apothecary.qc import alignments, programs, regions, snps  # noqa: E402
from apothecary.qc.assay import Assay  # noqa: E402
from apothecary.variants import contigs  # noqa: E402
from apothecary.variants.regions import EVERYTHING  # noqa: E402

LENGTH = 150
BAR = 1.5
REAL = ("HG03130.bam", "NA20129_wgs.GRCh38.bam", "HG002_target_capture.GRCh38.bam", "SIM001.bam")
REAL_TARGET = ("chr22", 42_120_000, 42_150_000)
# Names of samtools stats for metrics that it gives as they are.
SUMMARY = {
    "mean_read_length": "average length",
    "mean_base_quality": "average quality",
    "mean_insert_size": "insert size average",
    "insert_size_sd": "insert size standard deviation",
    "error_rate": "error rate",
}
# mosdepth gives means with two digits after the point, and medians as whole numbers, which move by
# steps of a read: the programs count a base otherwise where one of two mates that overlap has a
# deletion.
ROUNDING = {"mean_depth": 0.005, "median_depth": 1.0}


def made_targets(count: int) -> list[tuple[str, int, int]]:
    """Targets of 300 bases in clusters of ten, over the autosomes."""
    drawn, targets = random.Random(1), []
    names = [f"chr{n}" for n in range(1, 23)]
    for gene in range(count // 10):
        chrom = names[gene % 22]
        start = drawn.randrange(10_000_000, contigs.contigs()[chrom].lengths["GRCh38"] - 10_000_000)
        targets += [(chrom, start + 2000 * exon, start + 2000 * exon + 300) for exon in range(10)]
    return sorted(targets, key=lambda t: (names.index(t[0]), t[1]))


def write_bam(path: Path, targets: Sequence[tuple[str, int, int]], reads: int) -> None:
    """Pairs over the targets with errors, clips and duplicates, sorted as they are drawn."""
    drawn = random.Random(2)
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": n, "LN": c.lengths["GRCh38"]} for n, c in contigs.contigs().items()],
    }
    qualities = [
        pysam.qualitystring_to_array("".join(drawn.choice("FFFFFF:,#") for _ in range(LENGTH)))
        for _ in range(64)
    ]
    clips = ("150M", "150M", "150M", "12S138M", "140M10S")
    unsorted = path.with_suffix(".unsorted.bam")
    with pysam.AlignmentFile(str(unsorted), "wb", header=header) as file:
        for number in range(reads // 2):
            chrom, start, end = targets[drawn.randrange(len(targets))]
            text = f"{drawn.getrandbits(2 * LENGTH):0{LENGTH // 2}x}"
            bases = (text * 4)[:LENGTH].translate(str.maketrans("0123456789abcdef", "ACGT" * 4))
            first = drawn.randrange(start - 250, end)
            insert = drawn.randrange(160, 420)
            duplicate = 0x400 if drawn.random() < 0.1 else 0
            for flag, at, mate in ((0x63, first, insert), (0x93, first + insert - LENGTH, -insert)):
                record = pysam.AlignedSegment(file.header)
                record.query_name, record.flag = f"pair{number}", flag | duplicate
                record.reference_name, record.reference_start = chrom, at
                record.mapping_quality = 60 if drawn.random() < 0.97 else 0
                deleted = drawn.random() < 0.01
                record.cigarstring = "70M2D80M" if deleted else drawn.choice(clips)
                record.next_reference_name = chrom
                record.next_reference_start = first + insert - LENGTH if mate > 0 else first
                record.template_length = mate
                record.query_sequence = bases
                record.query_qualities = qualities[drawn.randrange(64)]
                record.set_tag("NM", drawn.randrange(3))
                file.write(record)
    pysam.sort("-o", str(path), str(unsorted))
    pysam.index(str(path))
    unsorted.unlink()


def settings() -> dict[str, Any]:
    """The section `qc` of the example configuration."""
    loaded = plan.load({"samples": str(ROOT / "config" / "samples.tsv")}, ROOT, "example")
    return dict(loaded.config["qc"])


def measured(bam: Path, bed: Path, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The tables of a file, as the rule makes them."""
    knowledge = folder / "pack"
    if not lock.is_current(knowledge, ROOT / "resources" / "knowledge.lock"):
        build.build(ROOT / "resources" / "knowledge", knowledge)
    identity = ROOT / "resources" / "identity"
    assay = Assay(
        regions.read_targets(bed),
        pack.load(knowledge),
        snps.load(identity / "identity_snps.tsv", identity / "identity_allele_counts.tsv"),
        None,
    )
    sample = {"sample_id": "S1", "subject_id": "S1", "role": "germline", "assay": "panel"}
    sample |= {"format": "fastq", "build": "GRCh38"}
    with tempfile.TemporaryDirectory(dir=folder) as work:
        files = [str(bam), f"{bam}.bai"]
        permitted = {"GRCh38": EVERYTHING}
        found = alignments.measure(sample, files, assay, permitted, settings(), Path(work))
    if found.reason:
        raise SystemExit(found.reason)
    return found.tables


def cpu(words: Sequence[str], output: Path) -> float:
    """CPU-seconds of a program and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with output.open("wb") as stream:
        subprocess.run(list(words), check=True, stdout=stream)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peers(bam: Path, bed: Path, folder: Path) -> float:
    """CPU-seconds of mosdepth and samtools stats, run apart."""
    limits = ["--by", str(bed), "--thresholds", "10,20,30,100"]
    spent = cpu(["mosdepth", *limits, str(folder / "peer"), str(bam)], folder / "mosdepth.txt")
    return spent + cpu(["samtools", "stats", "-F", "0x900", str(bam)], folder / "stats.txt")


def expected(bam: Path, bed: Path, folder: Path) -> dict[tuple[str, str], float]:
    """What the peers say: by region or sample, and metric."""
    peers(bam, bed, folder)
    found: dict[tuple[str, str], float] = {}
    median = ["mosdepth", "--use-median", "--by", str(bed), str(folder / "median"), str(bam)]
    subprocess.run(median, check=True)
    for name, column in (("peer", "mean_depth"), ("median", "median_depth")):
        for row in _bed(folder / f"{name}.regions.bed.gz"):
            found[f"target:{row[0]}:{int(row[1]) + 1}-{row[2]}", column] = float(row[-1])
    for row in _bed(folder / "peer.thresholds.bed.gz"):
        size = int(row[2]) - int(row[1])
        for limit, count in zip((10, 20, 30, 100), row[-4:], strict=True):
            key = f"target:{row[0]}:{int(row[1]) + 1}-{row[2]}"
            found[key, f"fraction_{limit}x"] = int(count) / size
    lines = [line.split("\t") for line in (folder / "stats.txt").read_text().splitlines()]
    summary = {row[1].rstrip(":"): float(row[2]) for row in lines if row[0] == "SN"}
    reads, mapped = summary["sequences"], summary["reads mapped"]
    found |= {("S1", metric): summary[name] for metric, name in SUMMARY.items()}
    found["S1", "total_reads"] = reads
    found["S1", "mapped_fraction"] = mapped / reads
    found["S1", "duplicate_fraction"] = summary["reads duplicated"] / reads
    found["S1", "mapping_quality_0_fraction"] = summary["reads MQ0"] / mapped
    on_target = _count(bam, bed)
    found["S1", "on_target_fraction"] = on_target / mapped
    found["S1", "forward_strand_fraction"] = 1 - _count(bam, bed, "-f", "0x10") / on_target
    return found


def _count(bam: Path, bed: Path, *flags: str) -> int:
    words = ["samtools", "view", "-c", "-L", str(bed), "-F", "0x904", *flags, str(bam)]
    return int(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def _bed(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="ascii") as stream:
        yield from (r for r in csv.reader(stream, delimiter="\t") if not r[0].startswith("#"))


def differences(
    made: Mapping[str, Sequence[Mapping[str, Any]]], said: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """The greatest relative difference of every metric."""
    ours = {
        (row["region_id"], name): row[name]
        for row in made["coverage"]
        for name in row
        if row["kind"] == "target"
    }
    ours |= {("S1", row["metric"]): row["value"] for row in made["alignment_metrics"]}
    greatest: dict[str, float] = {}
    for (region, metric), value in said.items():
        own = ours[region, metric]
        if own is None:
            continue
        slack = ROUNDING.get(metric, 0.0)
        distance = max(abs(own - value) - slack, 0.0)
        greatest[metric] = max(greatest.get(metric, 0.0), distance / max(abs(value), 1e-9))
    return greatest


def compare(name: str, bam: Path, bed: Path, folder: Path) -> float:
    """Print the greatest difference by metric; returns the greatest of all."""
    found = differences(measured(bam, bed, folder), expected(bam, bed, folder))
    worst = max(found.values())
    print(f"{name}: greatest relative difference of {len(found)} metrics {worst:.5f}")
    for metric, value in sorted(found.items()):
        print(f"    {metric:<28} {value:.6f}")
    return worst


def main() -> None:
    """Print CPU and memory beside the peers, and the differences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reads", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs=3, metavar=("BAM", "BED", "FOLDER"))
    arguments = parser.parse_args()
    if arguments.measure:
        bam, bed, folder = (Path(path) for path in arguments.measure)
        for name, rows in measured(bam, bed, folder).items():
            tables.write(folder / f"{name}.parquet", schemas.TABLES[name], rows)
        sides = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        print(max(resource.getrusage(side).ru_maxrss for side in sides) / 1024**2)
        return
    tools = programs.find("mosdepth")
    if tools.samtools is None:
        raise SystemExit("mosdepth and samtools are needed: apt-get install mosdepth samtools")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bam, bed = folder / "made.bam", folder / "targets.bed"
        targets = made_targets(1000)
        bed.write_text("".join(f"{c}\t{s}\t{e}\n" for c, s, e in targets), encoding="ascii")
        write_bam(bam, targets, arguments.reads)
        worst = compare("made reads", bam, bed, folder)
        own = [sys.executable, __file__, "--measure", str(bam), str(bed), str(folder)]
        rounds = [
            (cpu(own, folder / "own.txt"), peers(bam, bed, folder)) for _ in range(arguments.rounds)
        ]
        ours, theirs = (float(np.median(side)) for side in zip(*rounds, strict=True))
        memory = float((folder / "own.txt").read_text())
        print(
            f"{arguments.reads} reads: {ours:.1f} CPU-s, mosdepth and samtools stats "
            f"{theirs:.1f}: ratio {ours / theirs:.2f} (bar {BAR}); {memory:.2f} GB at most"
        )
        if "APOTHECARY_SHARED" in os.environ:
            place = Path(os.environ["APOTHECARY_SHARED"]) / "data" / "reads" / "cyp2d6"
            bed.write_text("\t".join(map(str, REAL_TARGET)) + "\n", encoding="ascii")
            for real in REAL:
                copied = folder / real
                shutil.copy(place / real, copied)
                pysam.index(str(copied))
                worst = max(worst, compare(real, copied, bed, folder))
        else:
            print("APOTHECARY_SHARED is not set: real reads are left out")
    sys.exit(ours / theirs > BAR or worst > 0.005)


if __name__ == "__main__":
    main()
