"""A past run made again from its manifest, or the reason in words why it cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.errors import Problem, WorkflowInputError
from apothecary.version import VERSION

_PARTS = ("pipeline", "config", "inputs", "knowledge", "software", "outputs")


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was.

    Attributes:
        kind: input, software, pipeline or output.
        name: What it is: a path, a sample, a package.
        was: As the manifest has it.
        now: As it is.
    """

    kind: str
    name: str
    was: str
    now: str

    def line(self) -> str:
        """The difference as one line."""
        return f"{self.kind} {self.name}: was {self.was}, is {self.now}"


def read_manifest(path: Path | str) -> dict[str, Any]:
    """Read the manifest of a run.

    Raises:
        WorkflowInputError: The file is absent or no manifest.
    """
    try:
        document: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        missing = [part for part in _PARTS if part not in document]
    except (OSError, ValueError) as error:
        raise WorkflowInputError(
            Problem(str(path), f"no manifest ({error})", "give manifest.json of a run")
        ) from error
    if missing:
        raise WorkflowInputError(
            Problem(str(path), f"has no {missing[0]!r}", "give manifest.json of a run")
        )
    return document


def changed_sheets(document: Mapping[str, Any]) -> list[Difference]:
    """The sheets of a run that are absent or differ from what it read.

    Args:
        document: The manifest; its paths are relative to the working directory of the run.
    """
    found = []
    for sheet in document["inputs"]["sheets"]:
        now = _digest_of(Path(sheet["path"]))
        if now != sheet["sha256"]:
            found.append(Difference("input", sheet["path"], _short(sheet["sha256"]), _short(now)))
    return found


def changed_samples(document: Mapping[str, Any], paths: Mapping[str, Path]) -> list[Difference]:
    """The variant files of a run that are absent or differ from what it read.

    Args:
        document: The manifest.
        paths: File of each sample that has one, by sample id.
    """
    found = []
    for sample in document["inputs"]["samples"]:
        name, was = sample["sample_id"], sample["sha256"]
        if was is None or name not in paths:
            continue
        now = _digest_of(paths[name])
        if now != was:
            found.append(Difference("input", f"of sample {name}", _short(was), _short(now)))
    return found


def _digest_of(path: Path) -> str | None:
    return files.sha256(path) if path.is_file() else None


def _short(digest: str | None) -> str:
    return digest[:12] if digest else "absent"


def changed_software(document: Mapping[str, Any]) -> list[Difference]:
    """The software that is of another version than the run's."""
    pipeline = document["pipeline"]
    found = []
    if pipeline["version"] != VERSION:
        found.append(Difference("pipeline", pipeline["name"], pipeline["version"], VERSION))
    for name, was in sorted(document["software"].items()):
        now = _version(name)
        if now != was:
            found.append(Difference("software", name, was, now))
    return found


def _version(name: str) -> str:
    if name == "python":
        import platform

        return platform.python_version()
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


@dataclass(frozen=True)
class Agreement:
    """How the outputs of two runs agree.

    Attributes:
        same_bytes: Files of the same bytes.
        same_content: Tables of the same rows in other bytes, as another Parquet writer makes them.
        different: What differs, or is in one run only.
    """

    same_bytes: int
    same_content: int
    different: list[Difference]


def compare_outputs(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> Agreement:
    """Hold the outputs of two manifests against each other.

    Args:
        before: `outputs` of the past run.
        after: `outputs` of the new one.

    Returns:
        Counts, and the differences by path.
    """
    old, new = ({row["path"]: row for row in rows} for rows in (before, after))
    same_bytes = same_content = 0
    different = []
    for path in sorted({*old, *new}):
        was, now = old.get(path), new.get(path)
        if was is None or now is None:
            different.append(Difference("output", path, _there(was), _there(now)))
        elif was["sha256"] == now["sha256"]:
            same_bytes += 1
        elif was.get("content_sha256") and was["content_sha256"] == now.get("content_sha256"):
            same_content += 1
        else:
            different.append(
                Difference("output", path, _short(was["sha256"]), _short(now["sha256"]))
            )
    return Agreement(same_bytes, same_content, different)


def _there(row: Mapping[str, Any] | None) -> str:
    return "absent" if row is None else _short(row["sha256"])
