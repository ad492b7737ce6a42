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


def samtools(*words: str) -> list[str]:
    """The words of a samtools command, run by the one within pysam."""
    return [sys.executable, "-c", _SAMTOOLS, *words]


def run(words: Sequence[str], folder: Path) -> None:
    """Run a command to its end.

    Args:
        words: The command.
        folder: A folder for its messages; the caller removes it.

    Raises:
        RuntimeError: It failed, with what it told.
    """
    with _supervised([_start(words, folder, subprocess.DEVNULL, subprocess.DEVNULL)]):
        pass


@contextmanager
def reading(words: Sequence[str], folder: Path) -> Iterator[IO[bytes]]:
    """The output of a command, while it runs.

    Args:
        words: The command.
        folder: A folder for its messages; the caller removes it.

    Yields:
        Its standard output.

    Raises:
        RuntimeError: It failed, with what it told.
    """
    started = _start(words, folder, subprocess.DEVNULL, subprocess.PIPE)
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
    words: Sequence[str], folder: Path, source: IO[bytes] | int, sink: IO[bytes] | int
) -> _Started:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".log", delete=False) as log:
        process = subprocess.Popen(list(words), stdin=source, stdout=sink, stderr=log)
    return _Started(process, Path(log.name))


@contextmanager
def _supervised(started: Sequence[_Started]) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        # Nobody reads what is fed: the program that has ended tells why.
        failed = _failures(started) if started[0].process.stdin else ""
        if not failed:
            _kill(started)
            raise
        raise RuntimeError(failed) from error
    except BaseException:
        _kill(started)
        raise
    failed = _failures(started)
    if failed:
        raise RuntimeError(failed)


def _kill(started: Sequence[_Started]) -> None:
    for one in started:
        one.process.kill()
    _failures(started)


def _failures(started: Sequence[_Started]) -> str:
    """Wait for the programs; what those told that failed."""
    for stream in (started[0].process.stdin, started[-1].process.stdout):
        if stream is not None:
            # What could not be written is told by the program that did not read it.
            with suppress(BrokenPipeError):
                stream.close()
    failed = []
    for one in started:
        if one.process.wait():
            told = one.messages.read_bytes()[-_TOLD:].decode("utf-8", "replace")
            name = " ".join(
                word for word in cast("list[str]", one.process.args) if "\n" not in word
            )
            failed.append(f"{name}: exit status {one.process.returncode}: {told}")
    return "\n".join(failed)
