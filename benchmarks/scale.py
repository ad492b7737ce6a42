"""What more samples cost: whole runs of real genotypes, and planning alone.

    APOTHECARY_SHARED=... python benchmarks/scale.py [10 100 1000] [--planned 1000 10000]

Samples of the 1000 Genomes panel are run in batches of 25, each batch with one VCF of its samples
in GRCh38, which holds the pharmacogenes. A line a run gives the CPU of the jobs and of the head
process (Snakemake), and its peak memory; then the slope that is fitted to the runs, and what of it
is not science: what a sample costs more within one batch of 5 and of 25 is taken for the science.
The bars of the design are 2 CPU-s a sample beyond the science, and 30 s and 5 min for planning
1,000 and 10,000 samples; planning is counted in CPU seconds, since other work may share the cores.
From the slope of planning follows what a run of 1,000,000 samples would be, whole and in shards.
Nothing here is a test: the figures depend on the machine.
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
BATCH = 25
CPU_BAR = 2.0
PLAN_BARS = {1_000: 30.0, 10_000: 300.0}
MILLION, SHARD = 1_000_000, 10_000
COLUMNS = ["sample_id", "subject_id", "role", "assay", "input", "format", "sample_in_file", "build"]
HEAD = """
import atexit, resource, sys
def tell():
    own, jobs = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print("USED", own.ru_utime + own.ru_stime, jobs.ru_utime + jobs.ru_stime, own.ru_maxrss,
          file=sys.stderr)
atexit.register(tell)
from snakemake.cli import main
main()
"""


@dataclass(frozen=True)
class Cost:
    """What a run took.

    Attributes:
        samples: Number of samples.
        head: CPU seconds of the head process.
        jobs: CPU seconds of its jobs.
        memory: Peak memory of the head process, MB.
        planned: Number of jobs that were planned.
    """

    samples: int
    head: float
    jobs: float
    memory: float
    planned: int

    @property
    def cpu(self) -> float:
        """CPU seconds in all."""
        return self.head + self.jobs


class Panel:
    """The genotypes of the panel's samples in GRCh38."""

    def __init__(self, folder: Path) -> None:
        self._files = sorted(folder.glob("*.GRCh38.vcf.gz"), key=_place)
        if not self._files:
            sys.exit(f"{folder}: no file of the panel")
        head = list(_lines(self._files[0], "#"))
        self.samples = head[-1].rstrip("\n").split("\t")[9:]
        self._contigs = sorted({line for file in self._files for line in _lines(file, "##contig")})

    def write(self, folder: Path, count: int) -> None:
        """Write one VCF a batch of the first samples; see `name_of`."""
        batches = range(math.ceil(count / BATCH))
        streams = [(folder / name_of(batch)).open("w", encoding="utf-8") for batch in batches]
        spans = [(9 + b * BATCH, 9 + min(count, (b + 1) * BATCH)) for b in batches]
        for stream, (first, last) in zip(streams, spans, strict=True):
            stream.write("##fileformat=VCFv4.2\n")
            stream.write('##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n')
            stream.writelines(self._contigs)
            columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"]
            stream.write("\t".join([*columns, *self.samples[first - 9 : last - 9]]) + "\n")
        for file in self._files:
            for line in _lines(file, ""):
                cells = line.rstrip("\n").split("\t")
                before = "\t".join([*cells[:7], ".", "GT"])
                calls = [cell.split(":", 1)[0] for cell in cells[9:]]
                for stream, (first, last) in zip(streams, spans, strict=True):
                    stream.write(before + "\t" + "\t".join(calls[first - 9 : last - 9]) + "\n")
        for stream in streams:
            stream.close()


def name_of(batch: int) -> str:
    """The variant file of a batch."""
    return f"batch{batch:05d}.vcf"


def _lines(file: Path, start: str) -> Iterator[str]:
    """The lines of the header that begin so; with an empty start, the records."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("#"):
                if start and line.startswith(start):
                    yield line
            elif start:
                return
            else:
                yield line


def _place(file: Path) -> tuple[str, int]:
    chrom, pos, _ = next(_lines(file, "")).split("\t", 2)
    return chrom, int(pos)


def sheets(folder: Path, names: Sequence[str]) -> None:
    """The sheets of a run; the variant files lie beside them."""
    rows = ["\t".join(COLUMNS)]
    consent = ["subject_id\tscope\tdecision"]
    for number, name in enumerate(names):
        file = name_of(number // BATCH)
        rows.append(f"S{number:07d}\tP{number:07d}\tgermline\tgenome\t{file}\tvcf\t{name}\tGRCh38")
        consent.append(f"P{number:07d}\tpharmacogenes\tyes")
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n")
    (folder / "consent.tsv").write_text("\n".join(consent) + "\n")
    (folder / "config.yaml").write_text("samples: samples.tsv\nconsent: consent.tsv\n")


def run(folder: Path, count: int, *words: str) -> Cost:
    """Run the workflow in a folder with plain Snakemake.

    Raises:
        SystemExit: The workflow failed; its words are shown.
    """
    profile = ROOT / "workflow" / "profiles" / "local"
    done = subprocess.run(
        [
            *(sys.executable, "-c", HEAD, "--snakefile", str(ROOT / "Snakefile")),
            *("--workflow-profile", str(profile), "--configfile", "config.yaml"),
            *("--cores", "2", "--nolock", *words),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    used = re.search(r"^USED (\S+) (\S+) (\S+)$", told, re.MULTILINE)
    if done.returncode or used is None:
        sys.exit(told)
    jobs = re.search(r"^total\s+(\d+)", told, re.MULTILINE)
    return Cost(
        count, float(used[1]), float(used[2]), float(used[3]) / 1024, int(jobs[1]) if jobs else 0
    )


def whole(panel: Panel, count: int) -> Cost:
    """The cost of a run of the first samples of the panel."""
    with tempfile.TemporaryDirectory() as name:
        panel.write(Path(name), count)
        sheets(Path(name), panel.samples[:count])
        return run(Path(name), count)


def planned(count: int) -> Cost:
    """The cost of planning a run; the variant files are there, and are not read."""
    with tempfile.TemporaryDirectory() as name:
        sheets(Path(name), [f"N{number}" for number in range(count)])
        for batch in range(math.ceil(count / BATCH)):
            (Path(name) / name_of(batch)).touch()
        return run(Path(name), count, "--dry-run")


def told(cost: Cost) -> None:
    """Print a run as one line."""
    print(
        f"{cost.samples}\t{cost.planned}\t{cost.jobs:.0f}\t{cost.head:.1f}\t{cost.memory:.0f}"
        f"\t{cost.cpu / cost.samples:.2f}",
        flush=True,
    )


def slope(costs: Sequence[Cost], what: str) -> tuple[float, float]:
    """What a sample costs more, and what a run costs at least, by weighted least squares."""
    counts = np.array([cost.samples for cost in costs], dtype=float)
    values = np.array([getattr(cost, what) for cost in costs], dtype=float)
    found = np.polyfit(counts, values, 1, w=1 / np.sqrt(counts))
    return float(found[0]), float(found[1])


def exponent(costs: Sequence[Cost]) -> float:
    """The power of the number of samples that the CPU beyond the smallest run grows with."""
    first, *others = costs
    last = others[-1]
    return math.log(last.cpu / first.cpu) / math.log(last.samples / first.samples)


def tell_runs(panel: Panel, counts: Sequence[int]) -> None:
    """Run the samples, and print what they cost."""
    print("samples\tjobs\tCPU-s of jobs\tCPU-s of head\tMB of head\tCPU-s a sample")
    small, batch = whole(panel, 5), whole(panel, BATCH)
    told(small)
    told(batch)
    science = (batch.cpu - small.cpu) / (BATCH - 5)
    costs = []
    for count in counts:
        costs.append(whole(panel, count))
        told(costs[-1])
        if len(costs) > 1:
            each, fixed = slope(costs, "cpu")
            print(f"fitted: {each:.2f} CPU-s a sample and {fixed:.0f} a run")
            print(
                f"grows with the power {exponent(costs):.2f} of the samples (below 1: a fixed part)"
            )
            print(
                f"beyond the science of {science:.2f}: {each - science:.2f} CPU-s a sample "
                f"(bar {CPU_BAR})",
                flush=True,
            )


def tell_plans(counts: Sequence[int]) -> None:
    """Plan runs, and print what that costs and what it would for a million samples."""
    print("planned samples\tjobs\tCPU-s\tMB\tbar, s")
    costs = []
    for count in counts:
        costs.append(planned(count))
        cost = costs[-1]
        bar = PLAN_BARS.get(count, "")
        print(f"{count}\t{cost.planned}\t{cost.cpu:.1f}\t{cost.memory:.0f}\t{bar}", flush=True)
    if len(costs) < 2:
        return
    each, fixed = slope(costs, "cpu")
    room, base = slope(costs, "memory")
    print(f"planning: {fixed:.1f} CPU-s and {each * 1000:.2f} more a 1,000 samples")
    for label, size in (("one run", MILLION), (f"a shard of {SHARD:,}", SHARD)):
        print(
            f"{MILLION:,} samples, {label}: {(fixed + each * size) / 60:.1f} CPU-min "
            f"and {(base + room * size) / 1024:.1f} GB to plan"
        )
    shards = MILLION // SHARD
    print(f"{shards} shards: {shards * (fixed + each * SHARD) / 3600:.1f} CPU-h to plan in all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[10, 100, 1000])
    parser.add_argument("--planned", nargs="*", type=int, default=sorted(PLAN_BARS))
    parser.add_argument("--only-planned", action="store_true", help="do not run samples")
    options = parser.parse_args()
    tell_plans(options.planned)
    if options.only_planned:
        return
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        sys.exit("APOTHECARY_SHARED is not set: the genotypes of the panel are not at hand")
    tell_runs(Panel(Path(shared).resolve() / "data" / "panel1kg"), options.counts)


if __name__ == "__main__":
    main()
