"""What the workflow costs beside the science: CPU a sample, and the time to plan 1,000 samples.

    python benchmarks/overhead.py

Copies of one demo sample are run as one batch of 5 and one of 25. The cost that does not grow with
the samples (Snakemake, starting Python, reading the knowledge) is the overhead of a batch; what
grows is the science and the writing of reports. Nothing here is a test: the figures depend on the
machine.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "resources" / "demo"
SAMPLE = "NA19207"
SMALL, LARGE, PLANNED = 5, 25, 1000
# The bars of the design: CPU-s a sample in batches of 25, and seconds of a dry run.
CPU_BAR, DRY_RUN_BAR = 2.0, 30.0


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds by the clock, CPU seconds of it and all its children."""

    wall: float
    cpu: float


def prepare(folder: Path, count: int) -> None:
    """Sheets and inputs of `count` copies of a sample, under other names."""
    source = folder / f"{SAMPLE}.vcf"
    source.write_bytes((DEMO / source.name).read_bytes())
    samples = ["sample_id\tsubject_id\trole\tassay\tinput\tformat\tsample_in_file\tbuild"]
    consent = ["subject_id\tscope\tdecision"]
    for number in range(count):
        name = f"S{number:04d}"
        os.link(source, folder / f"{name}.vcf")
        samples.append(f"{name}\t{name}\tgermline\tgenome\t{name}.vcf\tvcf\t{SAMPLE}\tGRCh38")
        consent.append(f"{name}\tpharmacogenes\tyes")
    (folder / "samples.tsv").write_text("\n".join(samples) + "\n")
    (folder / "consent.tsv").write_text("\n".join(consent) + "\n")
    (folder / "config.yaml").write_text("samples: samples.tsv\nconsent: consent.tsv\n")


def run(folder: Path, *words: str) -> Cost:
    """Run the workflow in a folder.

    Raises:
        SystemExit: The workflow failed; its words are shown.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "apothecary.cli", "run", "--config", "config.yaml", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu)


def measured(count: int, *words: str) -> Cost:
    """The cost of a run of `count` samples in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, count)
        return run(folder, *words)


def main() -> None:
    small, large = measured(SMALL), measured(LARGE)
    planned = measured(PLANNED, "--dry-run")
    slope = (large.cpu - small.cpu) / (LARGE - SMALL)
    fixed = small.cpu - SMALL * slope
    print("samples\twall s\tCPU s\tCPU s a sample")
    for count, cost in ((SMALL, small), (LARGE, large)):
        print(f"{count}\t{cost.wall:.1f}\t{cost.cpu:.1f}\t{cost.cpu / count:.2f}")
    print(f"fixed a run {fixed:.1f} CPU s; each sample more {slope:.2f} CPU s")
    print(f"overhead a sample in a batch of {LARGE}: {fixed / LARGE:.2f} CPU s (bar {CPU_BAR})")
    print(f"dry run of {PLANNED} samples: {planned.wall:.1f} s (bar {DRY_RUN_BAR})")


if __name__ == "__main__":
    main()
