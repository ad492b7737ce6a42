"""PyPGx in an environment of its own, as a peer for the other programs of this folder.

PyPGx 0.27 (PyPI, MIT) is no part of this project and is never imported here. `install` makes a
virtual environment from `peers/pypgx.lock`, by hash; `call` runs `peers/pypgx_run.py` in it. PyPGx
phases by Beagle with a panel from its data bundle, which is no package and is not at hand; of
phased genotypes it skips that step. So it is measured on phased panels only, without copy numbers.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pysam

HERE = Path(__file__).resolve().parent / "peers"
FOLDER = HERE.parents[1] / "build" / "pypgx"


@dataclass(frozen=True)
class PeerRun:
    """What PyPGx gave: genotype by (sample, gene), CPU-s, peak memory in GB, genes refused."""

    genotypes: Mapping[tuple[str, str], str]
    cpu: float
    memory: float
    refused: Mapping[str, str]


def python(folder: Path = FOLDER) -> Path:
    """The interpreter of the environment, whether it is there or not."""
    return folder / "bin" / "python"


def install(folder: Path = FOLDER) -> None:
    """Make the environment from the lock file.

    Raises:
        OSError, subprocess.CalledProcessError: It could not be made.
    """
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    command = [str(python(folder)), "-m", "pip", "install", "--quiet"]
    command += ["--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*command, "--requirement", str(HERE / "pypgx.lock")], check=True)


def available(wanted: bool, folder: Path = FOLDER) -> bool:
    """Whether PyPGx can be run; it is installed first when that is wanted."""
    if wanted and not python(folder).is_file():
        try:
            install(folder)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"PyPGx could not be had ({error}); it is not run")
            return False
    if not python(folder).is_file():
        print("PyPGx is not at hand; --install fetches it into build/pypgx")
        return False
    return True


def call(files: Sequence[tuple[str, Path, Iterable[str]]], build: str, work: Path) -> PeerRun:
    """Run PyPGx on phased variant files.

    Args:
        files: Gene, bgzipped VCF, and the samples wanted of it.
        build: GRCh38 or GRCh37.
        work: A folder for what is written.

    Returns:
        Genotypes and cost; the cost is that of the child process alone, its start included, and
        not that of picking the samples out of the files.
    """
    work.mkdir(parents=True, exist_ok=True)
    listed, written = work / f"{build}.files.tsv", work / f"{build}.genotypes.tsv"
    lines = []
    for gene, file, names in files:
        own = work / f"{build}.{gene}.vcf.gz"
        _subset(file, sorted(names), own)
        lines.append(f"{gene}\t{own}\n")
    listed.write_text("".join(lines), encoding="utf-8")
    command = [str(python()), str(HERE / "pypgx_run.py"), str(listed), build, str(written)]
    with (work / f"{build}.log").open("w", encoding="utf-8") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    genotypes, refused = parsed(written)
    return PeerRun(genotypes, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6, refused)


def parsed(path: Path) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Genotypes by (sample, gene), and the reasons of genes refused, as `pypgx_run.py` writes."""
    genotypes, refused = {}, {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if row["sample"]:
                genotypes[row["sample"], row["gene"]] = row["genotype"]
            else:
                refused[row["gene"]] = row["genotype"]
    return genotypes, refused


def _subset(file: Path, samples: list[str], own: Path) -> None:
    """Write the samples wanted alone: PyPGx holds all of a file as a data frame of text."""
    quiet = pysam.set_verbosity(0)  # a file without an index is read through
    with pysam.VariantFile(str(file)) as whole:
        pysam.set_verbosity(quiet)
        whole.subset_samples(samples)
        with pysam.VariantFile(str(own), "wz", header=whole.header) as few:
            for record in whole:
                few.write(record)
    pysam.tabix_index(str(own), preset="vcf", force=True)
