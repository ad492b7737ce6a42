"""Reading a file that nobody vouches for in a process of its own, within bounds.

A parser that is led astray may take all memory, never end, or bring its process down. Here it does
so in a child of the job: what the child found comes back as JSON, and its failure as one line that
names the file, so that the other samples of the batch go on.
"""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import IO, Any

from apothecary.errors import Problem, ResourceError, WorkflowInputError

_PAGE = resource.getpagesize()
MEBIBYTE = 1024 * 1024
_GIGABYTE = 1_000_000_000
# Signals by which a person or the system ends the whole run; they are no finding about a file.
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


TOO_MUCH = "reading it takes more than"
"""What a finding of too little memory or time begins with."""

RESOURCE = "limit_"
"""What the names of a job's resources begin with that hold limits."""


@dataclass(frozen=True)
class Limits:
    """What the reading of one file may take; None for no limit.

    Attributes:
        memory_mb: Address space beyond what the process holds when it begins, MiB.
        cpu_seconds: CPU seconds.
        cpu_seconds_per_gb: CPU seconds more for each gigabyte of a file of sequencing reads, which
            are read whole, or base by base, by `for_reads`.
        program_memory_mb: Address space of a program of others (an aligner, a caller), MiB.
        program_seconds: Seconds of the clock that such a program may take.
        program_seconds_per_gb: Seconds more for each gigabyte of reads.
    """

    memory_mb: int | None = None
    cpu_seconds: int | None = None
    cpu_seconds_per_gb: int | None = None
    program_memory_mb: int | None = None
    program_seconds: int | None = None
    program_seconds_per_gb: int | None = None

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Limits:
        """The section `limits` of a checked configuration; no limits where there is none."""
        return cls(**config.get("limits", {}))

    @classmethod
    def of_resources(cls, resources: Mapping[str, Any]) -> Limits:
        """The limits among the resources of a job; see `as_resources`."""
        return cls(**{one.name: resources.get(RESOURCE + one.name) for one in fields(cls)})

    def as_resources(self) -> dict[str, int]:
        """The limits as resources of a job, but for what has none.

        A change of what a job may take is no reason to run it again, as a change of a param is.
        """
        return {RESOURCE + name: value for name, value in asdict(self).items() if value is not None}

    def for_reads(self, files: Sequence[Path | str]) -> Limits:
        """The limits of reading files of sequencing reads.

        Args:
            files: What is read; indexes may be among it.
        """
        if self.cpu_seconds is None:
            return self
        more = _for_size(self.cpu_seconds_per_gb, files)
        return replace(self, cpu_seconds=self.cpu_seconds + more)

    def of_program(self, files: Sequence[Path | str]) -> int | None:
        """Seconds that a program may take for files of sequencing reads; None for no limit."""
        if self.program_seconds is None:
            return None
        return self.program_seconds + _for_size(self.program_seconds_per_gb, files)


def _for_size(per_gb: int | None, files: Sequence[Path | str]) -> int:
    size = sum(Path(path).stat().st_size for path in files if Path(path).is_file())
    return math.ceil((per_gb or 0) * size / _GIGABYTE)


def read(shown_as: str, limits: Limits, call: Callable[[], Iterable[Any]]) -> list[Any]:
    """What a function gives, computed in a child process within limits.

    Args:
        shown_as: The file, as messages name it.
        limits: What the child may take.
        call: Reads the file and gives its parts, each of what JSON holds; tuples come back as
            lists. What it changes in memory is lost with the child.

    Returns:
        The parts.

    Raises:
        WorkflowInputError: What the function raised; or the child took more than the limits, or
            died of a signal.
        ResourceError: What the function raised.
        RuntimeError: Any other error of the function, with its traceback in words.
        KeyboardInterrupt: The child was asked to end.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        _in_child(sink, limits, call)
    os.close(sink)
    try:
        with os.fdopen(source, encoding="utf-8") as stream:
            parts, end = _received(stream)
    finally:
        _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise _killed(shown_as, limits, os.WTERMSIG(status))
    if not end.get("whole"):
        raise _failed(shown_as, limits, end)
    return parts


def _in_child(sink: int, limits: Limits, call: Callable[[], Iterable[Any]]) -> None:
    """Compute and write the answer; never return to what the parent was doing."""
    try:
        for number in (*_ENDING, signal.SIGXCPU):
            signal.signal(number, signal.SIG_DFL)
        _limit(limits)
        with os.fdopen(sink, "w", encoding="utf-8") as stream:
            for line in _lines(call):
                stream.write(line + "\n")
    except BaseException:
        os._exit(1)
    os._exit(0)


def _lines(call: Callable[[], Iterable[Any]]) -> Iterator[str]:
    """A line for each part, and one that tells how it ended."""
    try:
        for part in call():
            yield json.dumps({"part": part}, default=_plain)
        end: dict[str, Any] = {"whole": True}
    except (WorkflowInputError, ResourceError) as error:
        problems = [asdict(problem) for problem in error.problems]
        end = {"problems": problems, "resource": isinstance(error, ResourceError)}
    except MemoryError:
        end = {"memory": True}
    except Exception:
        end = {"bug": traceback.format_exc()}
    yield json.dumps(end)


def _limit(limits: Limits) -> None:
    """Set the limits; the hard ones too, so that nothing in the child lifts them."""
    if limits.memory_mb is not None:
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE
        lower(resource.RLIMIT_AS, held + limits.memory_mb * MEBIBYTE)
    if limits.cpu_seconds is not None:
        # A child begins with no CPU time used.
        lower(resource.RLIMIT_CPU, limits.cpu_seconds)
    # A dump of the memory of a reader would be health data in a place of the system's choice.
    lower(resource.RLIMIT_CORE, 0)


def lower(what: int, limit: int) -> None:
    """Set a limit of this process, soft and hard, unless a lower one holds already."""
    _, hard = resource.getrlimit(what)
    given = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    # The signal of the soft limit of CPU time must come before the kill of the hard one.
    top = given + 1 if what == resource.RLIMIT_CPU and hard != given else given
    resource.setrlimit(what, (given, top))


def _plain(value: Any) -> Any:
    """A number of an array library as one of Python."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _received(stream: IO[str]) -> tuple[list[Any], dict[str, Any]]:
    """The parts, and how the child ended; nothing where it ended before it could say."""
    parts = []
    end: dict[str, Any] = {}
    for line in stream:
        if line.endswith("\n"):
            entry = json.loads(line)
            if "part" in entry:
                parts.append(entry["part"])
            else:
                end = entry
    return parts, end


def _failed(shown_as: str, limits: Limits, end: Mapping[str, Any]) -> Exception:
    if "problems" in end:
        problems = [Problem(**problem) for problem in end["problems"]]
        return (ResourceError if end["resource"] else WorkflowInputError)(problems)
    if "bug" in end:
        return RuntimeError(f"while {shown_as} was read\n{end['bug']}")
    # A child that could not even say how it ended had no memory to say it.
    found = f"{TOO_MUCH} {limits.memory_mb} MiB of memory"
    right = "look at the file, or raise limits.memory_mb (pgx: --memory-mb)"
    return WorkflowInputError(Problem(shown_as, found, right))


def _killed(shown_as: str, limits: Limits, number: int) -> BaseException:
    if number in _ENDING:
        return KeyboardInterrupt()
    if number == signal.SIGXCPU:
        found = f"{TOO_MUCH} {limits.cpu_seconds} s of CPU time"
        right = "look at the file, or raise limits.cpu_seconds (pgx: --cpu-seconds)"
    elif number == signal.SIGKILL:
        found = "its reader was killed, as systems do when memory runs out"
        right = "look at the file, or give the job more memory"
    else:
        found = f"its reader died of {signal.Signals(number).name}"
        right = "no intact file brings a reader down; write it anew and give it again"
    return WorkflowInputError(Problem(shown_as, found, right))
