"""The aligners: what each is called with, and where one that is missing comes from.

minimap2 runs from the package pyminimap2, in a process of its own; the others are programs that
the environment envs/alignment.yaml brings.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.reads import processes

ENVIRONMENT = "envs/alignment.yaml"
BATCH_BASES = 100_000_000
"""Bases that an aligner takes together; fixed, so that results do not depend on the threads."""

# The package gives no exit status, and takes what is written to standard output for its own:
# records go to a copy of it, and errors are told by its messages.
_MINIMAP2 = """
import os, sys, pyminimap2
out = os.dup(1)
_, told = pyminimap2.main([*sys.argv[1:], "-o", f"/dev/fd/{out}"])
sys.stderr.write(told)
sys.exit("[ERROR]" in told)
"""


@dataclass(frozen=True)
class Program:
    """A program that an aligner or a step before it is.

    Attributes:
        name: Its name as the configuration and the search path have it.
        key: The key of the configuration that asks for it.
        otherwise: What to set the key to where it is missing.
    """

    name: str
    key: str
    otherwise: str


def require(aligner: str) -> None:
    """Make sure that an aligner can be run.

    Raises:
        ResourceError: It is not on the search path.
    """
    if aligner != "minimap2":
        require_program(Program(aligner, "reads.aligner", "minimap2"))


def require_program(program: Program) -> str:
    """The path of a program.

    Raises:
        ResourceError: It is not on the search path.
    """
    path = shutil.which(program.name)
    if path is None:
        right = (
            f"run with --software-deployment-method conda, whose environment {ENVIRONMENT} has "
            f"it, install it, or set {program.key}: {program.otherwise}"
        )
        raise ResourceError(
            Problem("config", f"{program.name} is not on the search path", right, field=program.key)
        )
    return path


def version(aligner: str) -> str:
    """The version that an aligner tells of itself."""
    if aligner == "minimap2":
        import pyminimap2

        return str(pyminimap2.main(["--version"])[0]).strip()
    if aligner == "bwa-mem2":
        done = subprocess.run([aligner, "version"], capture_output=True, text=True, check=False)
        return done.stdout.strip().splitlines()[-1]
    told = subprocess.run([aligner], capture_output=True, text=True, check=False).stderr
    return next(line.split()[1] for line in told.splitlines() if line.startswith("Version:"))


def index(aligner: str, fasta: Path, folder: Path) -> None:
    """Write an aligner's index of a FASTA into a folder.

    Raises:
        RuntimeError: The aligner failed, with what it told.
    """
    words = [aligner, "index", "-p", str(folder / "index"), str(fasta)]
    if aligner == "minimap2":
        words = [*_minimap2(), "-x", "sr", "-d", str(folder / "index.mmi"), str(fasta)]
    with tempfile.TemporaryDirectory() as messages:
        processes.run(words, Path(messages))


def command(
    aligner: str,
    folder: Path,
    read_group: str,
    files: Sequence[Path],
    threads: int,
    *,
    tags: bool = False,
) -> list[str]:
    """The command that aligns one lane to standard output, as SAM.

    Args:
        aligner: minimap2, bwa or bwa-mem2.
        folder: The folder of the index.
        read_group: The ID of the read group.
        files: One FASTQ, or those of the first and second mates.
        threads: Threads of the aligner; they do not change what it finds.
        tags: Whether tags in the comments of reads are given to their alignments.

    Returns:
        The words of the command.
    """
    group = f"@RG\\tID:{read_group}"
    names = [str(path.resolve()) for path in files]
    if aligner == "minimap2":
        options = ["-a", "-x", "sr", "-Y", "-K", str(BATCH_BASES), "-t", str(threads)]
        options += ["-y"] if tags else []
        return [*_minimap2(), *options, "-R", group, str(folder / "index.mmi"), *names]
    options = ["mem", "-Y", "-K", str(BATCH_BASES), "-t", str(threads)]
    options += ["-C"] if tags else []
    return [aligner, *options, "-R", group, str(folder / "index"), *names]


def _minimap2() -> list[str]:
    return [sys.executable, "-c", _MINIMAP2]
