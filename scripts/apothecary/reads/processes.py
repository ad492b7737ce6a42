"""Programs joined by pipes, each with its messages kept until all have ended well.

samtools within pysam shares one state a process, so that every command runs in one of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from apothecary.hardening import programs
from apothecary.hardening.programs import NO_BOUNDS, Bounds

_SAMTOOLS = """
import sys, pysam
getattr(pysam, sys.argv[1])(*sys.argv[2:], catch_stdout=False)
"""
_TOLD = 2000
"""Characters of a program's messages that are kept for an error."""


@dataclass(frozen=True)
class _Started:
    process: subprocess.Popen[bytes]
    messages: Path
    bounds: Bounds


def samtools(*words: str) -> list[str]:
    """The words of a samtools command, run by the one within pysam."""
    return [sys.executable, "-c", _SAMTOOLS, *words]


def run(words: Sequence[str], folder: Path, bounds: Bounds = NO_BOUNDS) -> None:
    """Run a command to its end.

    Args:
        words: The command.
        folder: A folder for its messages; the caller removes it.
        bounds: What it may take.

    Raises:
        RuntimeError: It failed, with what it told.
        WorkflowInputError: It took more than the bounds.
    """
    with _supervised([_start(words, folder, subprocess.DEVNULL, subprocess.DEVNULL, bounds)]):
        pass


@contextmanager
def reading(words: Sequence[str], folder: Path, bounds: Bounds = NO_BOUNDS) -> Iterator[IO[bytes]]:
    """The output of a command, while it runs.

    Args:
        words: The command.
        folder: A folder for its messages; the caller removes it.
        bounds: What it may take.

    Yields:
        Its standard output.

    Raises:
        RuntimeError: It failed, with what it told.
        WorkflowInputError: It took more than the bounds.
    """
    started = _start(words, folder, subprocess.DEVNULL, subprocess.PIPE, bounds)
    with _supervised([started]):
        yield cast("IO[bytes]", started.process.stdout)


@contextmanager
def feeding(commands: Sequence[Sequence[str]], folder: Path) -> Iterator[IO[bytes]]:
    """The input of the first of several commands, of which each reads what the one before writes.

    Args:
        commands: The words of each command.
        folder: A folder for their messages; the caller removes it.

    Yields:
        The standard input of the first.

    Raises:
        RuntimeError: One failed, with what it told.
    """
    started: list[_Started] = []
    source: IO[bytes] | int = subprocess.PIPE
    for at, words in enumerate(commands, 1):
        sink = subprocess.PIPE if at < len(commands) else subprocess.DEVNULL
        started.append(_start(words, folder, source, sink))
        if not isinstance(source, int):
            source.close()
        source = cast("IO[bytes]", started[-1].process.stdout)
    with _supervised(started):
        yield cast("IO[bytes]", started[0].process.stdin)


def _start(
    words: Sequence[str],
    folder: Path,
    source: IO[bytes] | int,
    sink: IO[bytes] | int,
    bounds: Bounds = NO_BOUNDS,
) -> _Started:
    within = {} if bounds == NO_BOUNDS else programs.options(bounds)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".log", delete=False) as log:
        process = subprocess.Popen(list(words), stdin=source, stdout=sink, stderr=log, **within)
    return _Started(process, Path(log.name), bounds)


@contextmanager
def _supervised(started: Sequence[_Started]) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        # Nobody reads what is fed: the program that has ended tells why.
        failed = _failure(started) if started[0].process.stdin else None
        if failed is None:
            _kill(started)
            raise
        raise failed from error
    except BaseException:
        _kill(started)
        raise
    failed = _failure(started)
    if failed is not None:
        raise failed


def _kill(started: Sequence[_Started]) -> None:
    for one in started:
        one.process.kill()
    _failure(started)


def _failure(started: Sequence[_Started]) -> Exception | None:
    """Wait for the programs; what those told that failed, or the limit that stopped one."""
    for stream in (started[0].process.stdin, started[-1].process.stdout):
        if stream is not None:
            # What could not be written is told by the program that did not read it.
            with suppress(BrokenPipeError):
                stream.close()
    failed = []
    for one in started:
        status = one.process.wait()
        if one.bounds != NO_BOUNDS:
            programs.end(one.process.pid)
        if status:
            told = one.messages.read_bytes()[-_TOLD:].decode("utf-8", "replace")
            words = [word for word in cast("list[str]", one.process.args) if "\n" not in word]
            stopped = programs.stopped(Path(words[0]).name, one.bounds, status, told)
            if stopped is not None:
                return stopped
            failed.append(f"{' '.join(words)}: exit status {status}: {told}")
    return RuntimeError("\n".join(failed)) if failed else None
