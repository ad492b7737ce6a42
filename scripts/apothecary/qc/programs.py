"""The programs that measure alignments: those of the machine, else samtools inside pysam.

A program is called with a list of words, never through a shell.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from apothecary.errors import Problem, ResourceError, WorkflowInputError

# samtools inside pysam keeps globals and holds the interpreter's lock: each call has a process.
_IN_PYSAM = (
    "import sys, pysam; from pysam import samtools; "
    "getattr(samtools, sys.argv[1])(*sys.argv[3:], save_stdout=sys.argv[2], split_lines=False)"
)


@dataclass(frozen=True)
class Programs:
    """Where the programs lie.

    Attributes:
        samtools: Path of samtools; None for the one inside pysam.
        mosdepth: Path of mosdepth; None for `samtools depth`.
    """

    samtools: str | None = None
    mosdepth: str | None = None


def find(depth_program: str = "samtools") -> Programs:
    """The programs of the environment or machine that can be run.

    Args:
        depth_program: samtools or mosdepth. mosdepth holds a chromosome in memory, about 2 GB, and
            scans all of them however small the targets are; it is taken where it is asked for.

    Raises:
        ResourceError: mosdepth is asked for and cannot be run.
    """
    if depth_program == "samtools":
        return Programs(_usable("samtools"))
    mosdepth = _usable("mosdepth")
    if mosdepth is None:
        found = "mosdepth, which cannot be run here"
        right = "install it (envs/alignment_qc.yaml), or samtools, which gives the same figures"
        raise ResourceError(Problem("config", found, right, field="qc.depth_program"))
    return Programs(_usable("samtools"), mosdepth)


def _usable(name: str) -> str | None:
    """The path of a program that starts; one whose libraries are missing counts as absent."""
    path = shutil.which(name)
    if path is None:
        return None
    started = subprocess.run([path, "--version"], check=False, capture_output=True)
    return path if started.returncode == 0 else None


def samtools(programs: Programs, words: Sequence[str], output: Path, alignments: str) -> None:
    """Run a command of samtools.

    Args:
        programs: Where samtools lies.
        words: The command and its arguments.
        output: The file that takes what the command prints.
        alignments: The alignment file, for messages.

    Raises:
        WorkflowInputError: The command failed, with the first line of what it said.
    """
    command, *arguments = words
    if programs.samtools is None:
        # A literal file name keeps what is printed out of memory.
        run([sys.executable, "-c", _IN_PYSAM, command, str(output), *arguments], alignments)
        return
    with output.open("wb") as stream:
        run([programs.samtools, command, *arguments], alignments, stdout=stream)


def run(
    words: Sequence[str], alignments: str, *, stdout: IO[bytes] | int = subprocess.DEVNULL
) -> None:
    """Run a program to its end.

    Args:
        words: The program and its arguments.
        alignments: The alignment file, for messages.
        stdout: What takes its output, as for `subprocess.run`.

    Raises:
        WorkflowInputError: Its exit status is not 0.
    """
    done = subprocess.run(
        list(words),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )
    if done.returncode:
        raise WorkflowInputError(
            Problem(
                alignments,
                f"{Path(words[0]).name} cannot read it ({_said(done.stderr)})",
                "give a whole, coordinate-sorted BAM or CRAM with its index, and for CRAM the "
                "reference sequence that it was made with",
            )
        )


def _said(stderr: bytes) -> str:
    """The line that tells most: the last one of an exception, else the first."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        return "it said nothing"
    return lines[-1] if lines[0].startswith("Traceback") else lines[0]
