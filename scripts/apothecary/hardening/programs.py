"""Programs of others that read a file that nobody vouches for, within bounds.

They are children already. Their address space is limited, an alarm ends them when their time is up,
and what they have started themselves goes with them. Time is that of the clock, so that a program
that waits for ever is ended too; of processor time it can take no more than its threads give.
"""

from __future__ import annotations

import os
import re
import resource
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.hardening.bounded import MEBIBYTE, TOO_MUCH, Limits, lower

_OF_MEMORY = re.compile(r"memory|alloc", re.IGNORECASE)
_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGKILL)


@dataclass(frozen=True)
class Bounds:
    """What a program may take for a file; None for no limit.

    Attributes:
        shown_as: The file, as messages name it.
        memory_mb: Address space of each of its processes, MiB.
        seconds: Seconds of the clock.
    """

    shown_as: str = ""
    memory_mb: int | None = None
    seconds: int | None = None


NO_BOUNDS = Bounds()


def bounds_of(shown_as: str, limits: Limits, files: Sequence[Path | str]) -> Bounds:
    """The bounds of a program that reads files of sequencing reads.

    Args:
        shown_as: The files, as messages name them.
        limits: What the reading of a file may take.
        files: Paths of the files.
    """
    return Bounds(shown_as, limits.program_memory_mb, limits.of_program(files))


def options(bounds: Bounds) -> dict[str, Any]:
    """The arguments by which `subprocess.Popen` starts a program within bounds."""
    return {"process_group": 0, "preexec_fn": _settle(bounds)}


def _settle(bounds: Bounds) -> Callable[[], None]:
    def settle() -> None:
        if bounds.memory_mb is not None:
            lower(resource.RLIMIT_AS, bounds.memory_mb * MEBIBYTE)
        lower(resource.RLIMIT_CORE, 0)
        if bounds.seconds is not None:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(bounds.seconds)

    return settle


def end(leader: int) -> None:
    """End what is left of a program that was started with `options`, by its process id."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def stopped(program: str, bounds: Bounds, status: int, told: str) -> WorkflowInputError | None:
    """The limit that stopped a program, in one line; None where it was none.

    Args:
        program: Its name.
        bounds: Its bounds.
        status: How it ended, as `subprocess` tells it.
        told: What it told last.
    """
    if bounds.seconds is not None and -status == signal.SIGALRM:
        found = f"{TOO_MUCH} {bounds.seconds} s ({program})"
        right = "look at the file, or raise limits.program_seconds"
        return WorkflowInputError(Problem(bounds.shown_as, found, right))
    crashed = -status in _CRASHES or status - 128 in _CRASHES
    if bounds.memory_mb is not None and (crashed or _OF_MEMORY.search(told)):
        found = f"{TOO_MUCH} {bounds.memory_mb} MiB of memory ({program})"
        right = "look at the file, or raise limits.program_memory_mb"
        return WorkflowInputError(Problem(bounds.shown_as, found, right))
    return None
