"""Alignment of simulated pairs: CPU beside the same programs joined by hand, and what is added.

Pairs of 2 x 150 bases with 0.5 % errors are drawn from a random sequence that is given as slices.
Ours checks the FASTQ files, aligns, moves to genome coordinates, sorts, marks duplicates, indexes
and holds the counts. Beside it stand minimap2 alone, and minimap2 with Debian's samtools in pipes
where samtools is installed. Usage: alignment.py [pairs]
"""

from __future__ import annotations

import gzip
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from apothecary.reads import aligners, alignments, fastq, reference
from apothecary.reads.lane_alignment import AlignmentOptions
from apothecary.reads.marked import AlignmentFiles

SLICE, SLICES, READ = 500_000, 6, 150
COMPLEMENT = str.maketrans("ACGT", "TGCA")


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of some work, with that of the processes that it starts."""
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def simulate(folder: Path, pairs: int) -> tuple[Path, list[Path]]:
    """A sliced reference and the FASTQ files of pairs that are drawn from it."""
    chosen = random.Random(1)
    slices = {
        f"chr{n}:{10_000_001}-{10_000_000 + SLICE}": "".join(chosen.choices("ACGT", k=SLICE))
        for n in range(1, SLICES + 1)
    }
    fasta = folder / "slices.fa"
    fasta.write_text("".join(f">{name}\n{bases}\n" for name, bases in slices.items()))
    files = [folder / "1.fastq.gz", folder / "2.fastq.gz"]
    sequences = list(slices.values())
    with (
        gzip.open(files[0], "wt", compresslevel=1) as first,
        gzip.open(files[1], "wt", compresslevel=1) as second,
    ):
        for number in range(pairs):
            bases = chosen.choice(sequences)
            size = chosen.randint(300, 500)
            at = chosen.randrange(SLICE - size)
            mates = bases[at : at + READ], bases[at + size - READ : at + size]
            for out, mate in ((first, mates[0]), (second, mates[1].translate(COMPLEMENT)[::-1])):
                read = list(mate)
                for place in range(READ):
                    if chosen.random() < 0.005:
                        read[place] = chosen.choice("ACGT")
                quality = "".join(chosen.choices("F:,", weights=(90, 8, 2), k=READ))
                out.write(f"@r{number}\n{''.join(read)}\n+\n{quality}\n")
    return fasta, files


def by_hand(words: list[str], folder: Path) -> None:
    """minimap2 and Debian's samtools in pipes, as one would type them."""
    out = folder / "hand.bam"
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    steps = (
        ["samtools", "fixmate", "-m", "-u", "-", "-"],
        ["samtools", "sort", "-u", "-T", str(folder / "hand"), "-"],
        ["samtools", "markdup", "-", str(out)],
    )
    for step in steps:
        running = subprocess.Popen(
            step, stdin=running.stdout, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    running.communicate()
    subprocess.run(["samtools", "index", str(out)], check=True)


def main(pairs: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fasta, files = simulate(folder, pairs)
        prepared = folder / "prepared"
        options = reference.ReferenceOptions("GRCh38", (), "minimap2")
        preparing = cpu(lambda: reference.prepare(fasta, (), prepared, options))
        lane = {"sample_id": "S", "lane": "L1", "library": "S", "platform": "ILLUMINA"}
        lane |= {"protocol": "fragments", "fastq_1": files[0].name, "fastq_2": files[1].name}
        out = AlignmentFiles(folder / "S.bam", folder / "S.bam.bai", "S.bam")
        settings = AlignmentOptions("minimap2", "none", "none", (), 1, 45, 1)
        ours = cpu(lambda: alignments.align([lane], folder, prepared, out, settings))
        checking = cpu(lambda: fastq.check_lane(files, ["1", "2"], 45))
        words = aligners.command("minimap2", prepared, "S.L1", files, 1)
        alone = cpu(
            lambda: subprocess.run(
                words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
            )
        )
        print(f"{2 * pairs:,} reads of {READ} bases, CPU seconds a million reads, one thread")
        scale = 1e6 / (2 * pairs)
        rows = [
            ("align_reads, whole", ours),
            ("of it: FASTQ checked and digested", checking),
            ("minimap2 alone", alone),
        ]
        if shutil.which("samtools"):
            rows.append(("minimap2 | samtools in pipes", cpu(lambda: by_hand(words, folder))))
        for what, seconds in rows:
            print(f"{what:40} {seconds * scale:8.1f}   {seconds / rows[-1][1]:5.2f}")
        print(f"(the last column: beside {rows[-1][0]}; preparing took {preparing:.1f} CPU-s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
