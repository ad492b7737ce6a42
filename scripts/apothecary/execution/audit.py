"""The audit log of a results folder: one line an event, each sealed by the one before it.

A line is a JSON object whose `sha256` is the digest of the line without that key, with the digest
of the line before it as `previous`; so no line can be changed, taken out or put in unnoticed. What
a chain alone cannot show is that its end was cut off: `expected` of a signature, and the digest
that `apothecary audit verify` prints, tell that.
"""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.errors import Problem, WorkflowInputError

LOG = "audit.jsonl"
FIRST = "0" * 64
"""What stands for the line before the first."""


def append(results: Path | str, event: str, details: Mapping[str, Any]) -> str:
    """Append an event to the log of a results folder.

    Args:
        results: The results folder.
        event: What happened, such as `run started`.
        details: What belongs to it; JSON values.

    Returns:
        The digest of the new line.

    Raises:
        WorkflowInputError: The log is not whole, so that nothing may be added to it.
    """
    path = Path(results) / LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.private(), path.open("a+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        lines = stream.read().splitlines()
        previous = _verified(path, lines)
        entry = {
            "number": len(lines) + 1,
            "time": datetime.now(tz=UTC).isoformat(timespec="seconds"),
            "user": _user(),
            "host": socket.gethostname(),
            "event": event,
            **details,
            "previous": previous,
        }
        entry["sha256"] = _digest(entry)
        stream.write(json.dumps(entry, sort_keys=True, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return str(entry["sha256"])


def verify(results: Path | str) -> list[dict[str, Any]]:
    """The events of a log, after every line was held against its seal.

    Args:
        results: The results folder.

    Returns:
        The events in order, at least one.

    Raises:
        WorkflowInputError: There is no log, or a line was changed, taken out or put in.
    """
    path = Path(results) / LOG
    if not path.is_file():
        raise WorkflowInputError(
            Problem(str(path), "no audit log", "give the results folder of a run")
        )
    lines = path.read_text(encoding="utf-8").splitlines()
    _verified(path, lines)
    if not lines:
        raise WorkflowInputError(Problem(str(path), "an empty log", "a log has a line a run"))
    return [json.loads(line) for line in lines]


def _verified(path: Path, lines: list[str]) -> str:
    """Digest of the last line of a whole log."""
    previous = FIRST
    for number, line in enumerate(lines, start=1):
        previous = _of_line(path, number, line, previous)
    return previous


def _of_line(path: Path, number: int, line: str, previous: str) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or "sha256" not in entry:
        raise _broken(path, number, "no event of this log")
    told = entry.pop("sha256")
    if told != _digest(entry):
        raise _broken(path, number, "the line was changed after it was written")
    if entry.get("previous") != previous or entry.get("number") != number:
        raise _broken(path, number, "a line before it was taken out or put in")
    return str(told)


def _broken(path: Path, number: int, found: str) -> WorkflowInputError:
    return WorkflowInputError(
        Problem(str(path), found, "the log is no longer evidence from this line on", row=number)
    )


def _digest(entry: Mapping[str, Any]) -> str:
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
