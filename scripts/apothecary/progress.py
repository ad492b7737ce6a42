"""Progress of long work: a bar on a terminal, nothing but errors where nobody looks on."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

_STEPS = re.compile(r"^(\d+) of (\d+) steps \(")
_RULE = re.compile(r"^(?:local)?rule (\w+):")
_OURS = re.compile(r"^(?:ERROR|WARNING) ")
TAIL_LINES = 40


@dataclass
class Child:
    """How a command is started, and its process once it is.

    Attributes:
        environment: All its environment variables; those of this process when None.
        handles: File descriptors that it inherits.
        process: The process; None before it is started.
    """

    environment: Mapping[str, str] | None = None
    handles: tuple[int, ...] = ()
    process: subprocess.Popen[str] | None = None


def track(items: Sequence[str], description: str) -> Iterable[str]:
    """The items one by one, with a bar on a terminal and in silence elsewhere.

    Args:
        items: What is worked through.
        description: What is done with them.

    Returns:
        The items.
    """
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track as tracked

    return tracked(items, description, console=Console(stderr=True), transient=True)


def follow(command: Sequence[str], child: Child, whole: bool = False) -> int:
    """Run a Snakemake command and show how far it is.

    On a terminal a bar is shown; elsewhere only errors are. When the command fails and none of
    our own lines told why, the end of Snakemake's words is shown.

    Args:
        command: The words of the command.
        child: How it is started.
        whole: Show all that Snakemake says instead.

    Returns:
        The command's exit status; below zero when a signal ended it.
    """
    if whole:
        return _run(command, child, lambda line: print(line, flush=True))
    if sys.stderr.isatty():
        return _with_bar(command, child)
    return _run(command, child, lambda line: None)


def _with_bar(command: Sequence[str], child: Child) -> int:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("planning", total=None)

        def show(line: str) -> None:
            if found := _STEPS.match(line):
                bar.update(task, completed=int(found[1]), total=int(found[2]))
            elif found := _RULE.match(line):
                bar.update(task, description=found[1])

        return _run(command, child, show)


def _run(command: Sequence[str], child: Child, show: Callable[[str], None]) -> int:
    told: set[str] = set()
    tail: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=child.environment,
        pass_fds=child.handles,
    ) as process:
        child.process = process
        lines: Iterable[str] = process.stdout or ()
        for line in map(str.rstrip, lines):
            tail = [*tail[-TAIL_LINES:], line]
            show(line)
            if _OURS.match(line) and line not in told:
                told.add(line)
                print(line, file=sys.stderr)
    if process.returncode and not any(line.startswith("ERROR ") for line in told):
        print("\n".join(tail), file=sys.stderr)
    return process.returncode
