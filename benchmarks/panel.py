"""All pharmacogenes of the 3,202 samples of the 1000 Genomes panel: time, memory, CPU a sample.

    APOTHECARY_SHARED=... python benchmarks/panel.py

The gene files of the panel are joined into one VCF for each build (DPYD is in GRCh37 coordinates);
each VCF is one run of the engine of `apothecary pgx`, in a process of its own. The bars of the
design are 0.03 CPU-s a sample and 0.3 GB; PharmCAT takes 0.21 to 0.29 CPU-s a sample in a batch
and up to 2.9 GB for all genes, PyPGx 2.1 CPU-s for 13 genes (the design's own measurements).
"""

from __future__ import annotations

import gzip
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from apothecary.knowledge import build
from apothecary.pharmacogenes import definitions, pgx

ROOT = Path(__file__).resolve().parents[1]
CPU_BAR, MEMORY_BAR = 0.03, 0.3


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds by the clock, CPU seconds, peak memory in GB, and its summary."""

    wall: float
    cpu: float
    memory: float
    samples: int
    words: str


def joined(files: list[Path], path: Path) -> Path:
    """One VCF of the records of several files of the same samples, sorted by chromosome."""
    heads = [_head(file) for file in files]
    contigs = sorted({line for head in heads for line in head if line.startswith("##contig")})
    with path.open("w", encoding="utf-8") as out:
        out.write("##fileformat=VCFv4.2\n")
        out.write('##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n')
        out.writelines(contigs)
        out.write(heads[0][-1])
        for head, file in sorted(zip(heads, files, strict=True), key=lambda pair: _place(pair[1])):
            if head[-1] != heads[0][-1]:
                sys.exit(f"{file}: other samples than {files[0]}")
            with gzip.open(file, "rt", encoding="utf-8") as stream:
                out.writelines(line for line in stream if not line.startswith("#"))
    return path


def _head(file: Path) -> list[str]:
    lines = []
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for line in stream:
            if not line.startswith("#"):
                break
            lines.append(line)
    return lines


def _place(file: Path) -> tuple[str, int]:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        first = next(line for line in stream if not line.startswith("#"))
    chrom, pos, _ = first.split("\t", 2)
    return chrom, int(pos)


def run(file: Path, pack: Path, out: Path) -> Cost:
    start = time.perf_counter()
    summary = pgx.run_pgx(pgx.PgxOptions(file=file, out=out, pack=pack, call_cyp2d6=True))
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Cost(
        wall=time.perf_counter() - start,
        cpu=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss / 1e6,
        samples=len(summary.samples),
        words=f"{summary.called} calls, {sum(summary.rows.values()):,} rows",
    )


def main() -> None:
    if not os.environ.get("APOTHECARY_SHARED"):
        sys.exit("APOTHECARY_SHARED is not set: the panel is not at hand")
    panel = Path(os.environ["APOTHECARY_SHARED"]) / "data" / "panel1kg"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = folder / "pack"
        built = build.build(ROOT / "resources" / "knowledge", pack)
        genes = {gene.name for gene in definitions.from_pack(built).matched}
        total = 0.0
        for assembly in ("GRCh38", "GRCh37"):
            files = sorted(panel.glob(f"*.{assembly}.vcf.gz"))
            wanted = [file for file in files if file.name.split(".")[0] in genes]
            file = joined(wanted, folder / f"{assembly}.vcf")
            size = file.stat().st_size / 1e6
            with multiprocessing.get_context("spawn").Pool(1) as one:
                cost = one.apply(run, (file, pack, folder / assembly))
            each = cost.cpu / cost.samples
            total += each
            print(
                f"{assembly}: {len(wanted)} gene files, {size:,.0f} MB, {cost.samples} samples: "
                f"{cost.words}; {cost.wall:.1f} s, {cost.cpu:.1f} CPU-s, "
                f"{each:.4f} CPU-s a sample, {cost.memory:.2f} GB"
            )
        print(f"all genes: {total:.4f} CPU-s a sample (bar {CPU_BAR}); memory bar {MEMORY_BAR} GB")


if __name__ == "__main__":
    main()
