"""Evidence and approvals that a user holds, into a folder of tables beside the embedded ones.

Nothing is fetched, and nothing of it enters the embedded knowledge. The folder has a table of
sources of its own, with the licence that the user accepted; `knowledge.imported` of the
configuration names it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.files import sha256
from apothecary.knowledge import tsv
from apothecary.knowledge.imported_schemas import IMPORTED_APPROVALS, IMPORTED_EVIDENCE
from apothecary.knowledge.importers import imported, moalmanac, oncokb
from apothecary.knowledge.importers.imported import Import, Levels
from apothecary.knowledge.schemas import SOURCES

LEVELS = "evidence_levels.tsv"


@dataclass(frozen=True)
class Source:
    """A source whose licence does not let it be embedded.

    Attributes:
        name: Its name.
        licence: Its licence.
        attribution: The line that the licence asks for.
        address: Where it is published.
        read: Reads its files.
    """

    name: str
    licence: str
    attribution: str
    address: str
    read: Callable[[Path, Levels], Import]


def _moalmanac_referenced(path: Path, levels: Levels) -> Import:
    return moalmanac.import_approvals(path)


def _oncokb(path: Path, levels: Levels) -> Import:
    plain = path.name.removesuffix(".gz")
    if plain.endswith(".json"):
        return oncokb.import_answers(path, levels)
    return oncokb.import_table(path, levels)


KNOWN: Mapping[str, Source] = {
    moalmanac.SOURCE_ID: Source(
        "Molecular Oncology Almanac",
        "ODbL-1.0 AND GPL-2.0, for research only",
        "Contains information from the Molecular Oncology Almanac (moalmanac.org)",
        "https://moalmanac.org",
        moalmanac.import_database,
    ),
    moalmanac.REFERENCED_ID: Source(
        "Molecular Oncology Almanac, referenced database",
        "GPL-2.0, for research only",
        "Contains information from the Molecular Oncology Almanac (moalmanac.org)",
        "https://github.com/vanallenlab/moalmanac-db",
        _moalmanac_referenced,
    ),
    oncokb.SOURCE_ID: Source(
        "OncoKB",
        "Terms of use of OncoKB, under the user's own licence",
        "OncoKB (oncokb.org), Memorial Sloan Kettering Cancer Center",
        "https://www.oncokb.org",
        _oncokb,
    ),
}
"""The sources that can be imported, by name."""


def import_source(source_id: str, paths: list[Path], out: Path, resources: Path) -> list[str]:
    """Import files of a source into a folder of tables.

    Args:
        source_id: A name of `KNOWN`.
        paths: Files, or a folder of the source's own layout; all are taken together.
        out: The folder to write; it must not hold anything yet.
        resources: The folder of the table of levels.

    Returns:
        Lines that say what was read, left out and written.

    Raises:
        ResourceError: A file is not what its importer knows, or the folder is not empty. Nothing
            is written then.
    """
    source = KNOWN[source_id]
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ResourceError(Problem(str(out), "is not empty", "name a new folder"))
    levels = imported.read_levels(resources / LEVELS)
    found = [source.read(path, levels) for path in paths]
    evidence = [row for one in found for row in one.evidence]
    approvals = [row for one in found for row in one.approvals]
    row = {
        "source_id": source_id,
        "name": source.name,
        "version": max(one.version for one in found) or "not given",
        "released": _date(max(one.version for one in found)),
        "licence": source.licence,
        "attribution": source.attribution,
        "address": source.address,
        "files": " ".join(path.name for path in paths),
        "sha256": _digest(paths),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as made:
        tsv.write(made, SOURCES, [row])
        tsv.write(made, IMPORTED_EVIDENCE, evidence)
        tsv.write(made, IMPORTED_APPROVALS, approvals)
        out.mkdir(exist_ok=True)
        for path in sorted(Path(made).iterdir()):
            path.replace(out / path.name)
    lines = [f"read: {len(evidence)} items of evidence, {len(approvals)} approvals"]
    lines += [
        f"left out: {count}, {reason}" for one in found for reason, count in one.left_out.items()
    ]
    lines.append(f"licence: {source.licence}")
    lines.append(f"wrote: {out}; to use it, add it to knowledge: imported in the config")
    return lines


def _date(version: str) -> str:
    """The ISO date that a version is; empty when it is none."""
    parts = version.split("-")
    return version if [len(part) for part in parts] == [4, 2, 2] else ""


def _digest(paths: list[Path]) -> str:
    """The digest of the files, in the order of their names."""
    files = [
        file
        for path in paths
        for file in (sorted(path.iterdir()) if path.is_dir() else [path])
        if file.is_file()
    ]
    return hashlib.sha256("".join(sha256(file) for file in files).encode()).hexdigest()
