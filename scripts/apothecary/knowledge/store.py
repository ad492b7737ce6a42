"""Knowledge packs that were in use, kept by their digest, so that a past run can be made again."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge import pack as packs

KEPT = "kept.json"


@dataclass(frozen=True)
class KeptPack:
    """A pack of the store.

    Attributes:
        folder: Where it lies; the folder bears the digest's name.
        digest: Digest of the pack.
        version: ISO date of its newest source.
        since: ISO date of the first run that used it here.
    """

    folder: Path
    digest: str
    version: str
    since: str


def keep(pack: Path | str, store: Path | str, today: date) -> KeptPack:
    """Keep a pack, when it is not kept yet.

    Args:
        pack: A built pack.
        store: Folder of the kept packs; made when absent.
        today: The day of the run that uses it.

    Returns:
        The pack of the store, with the day of its first use.

    Raises:
        ResourceError: The pack cannot be read.
    """
    opened = packs.load(pack)
    final = Path(store) / opened.digest
    if not final.is_dir():
        Path(store).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=store, prefix=".keeping.") as folder:
            copy = Path(folder) / "pack"
            shutil.copytree(opened.folder, copy)
            value = {"since": today.isoformat(), "version": opened.version}
            (copy / KEPT).write_text(json.dumps(value) + "\n", encoding="utf-8")
            if not final.is_dir():
                copy.rename(final)
    return _read(final)


def _read(folder: Path) -> KeptPack:
    value = json.loads((folder / KEPT).read_text(encoding="utf-8"))
    return KeptPack(folder, folder.name, value["version"], value["since"])


def kept(store: Path | str) -> list[KeptPack]:
    """The packs of a store, by the day of their first use, then by digest."""
    folders = [listing.parent for listing in Path(store).glob(f"*/{KEPT}")]
    return sorted(map(_read, folders), key=lambda found: (found.since, found.digest))


def of_digest(store: Path | str, digest: str) -> KeptPack:
    """The pack of a digest.

    Raises:
        ResourceError: It is not kept.
    """
    for found in kept(store):
        if found.digest == digest:
            return found
    raise ResourceError(
        Problem(
            str(store),
            f"no knowledge pack of digest {digest[:12]}",
            "copy the pack of that run there, in a folder of its digest's name",
        )
    )


def of_day(store: Path | str, day: str) -> KeptPack:
    """The pack that was in use on a day: the last one first used on it or before.

    Args:
        store: Folder of the kept packs.
        day: ISO date.

    Raises:
        ResourceError: None was in use yet, or the day is no ISO date.
    """
    try:
        wanted = date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise ResourceError(
            Problem("--at", f"{day!r} is no date", "write it as 2026-05-31")
        ) from error
    before = [found for found in kept(store) if found.since <= wanted]
    if not before:
        raise ResourceError(
            Problem(str(store), f"no knowledge pack was in use on {wanted}", "take a later day")
        )
    return before[-1]
