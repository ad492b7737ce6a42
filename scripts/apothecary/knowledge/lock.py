"""The lock of the knowledge: which tables, with which bytes and rows, a run may stand on."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from apothecary import tables
from apothecary.errors import Problem, ResourceError
from apothecary.files import sha256, write_json
from apothecary.knowledge import pack as packs
from apothecary.knowledge import tsv
from apothecary.knowledge.schemas import PACK

# Evidence moves: a pack is to be looked at again a year after its newest source.
REVIEW_YEARS = 1


@dataclass(frozen=True)
class LockedFile:
    """A TSV file as it was locked.

    Attributes:
        table: The table that it holds.
        table_version: Version of the table's declaration.
        rows: Number of rows.
        sha256: Digest of the file.
        content_sha256: Digest of the rows.
    """

    table: str
    table_version: int
    rows: int
    sha256: str
    content_sha256: str


@dataclass(frozen=True)
class Lock:
    """A lock.

    Attributes:
        version: ISO date of the newest source.
        review_by: ISO date after which the knowledge is told to be out of date.
        digest: Digest of the pack that the tables build.
        files: The files by name.
    """

    version: str
    review_by: str
    digest: str
    files: dict[str, LockedFile]


def write(source: Path | str, pack: packs.Pack, lock_file: Path | str) -> Lock:
    """Lock a folder of TSV tables and the pack that was built from it.

    Args:
        source: The folder of the TSV files.
        pack: What `knowledge.build.build` made of them.
        lock_file: The lock to write.

    Returns:
        The lock.
    """
    files = {}
    for table in PACK.values():
        path = tsv.find(source, table)
        if path is not None:
            entry = pack.contents[table.name]
            files[path.name] = LockedFile(
                table.name, entry.version, entry.rows, sha256(path), entry.content_sha256
            )
    lock = Lock(pack.version, _later(pack.version), pack.digest, files)
    write_json(lock_file, dataclasses.asdict(lock))
    return lock


def _later(version: str) -> str:
    made = date.fromisoformat(version)
    # 29 February has no like in most years; the day before stands for it.
    day = 28 if (made.month, made.day) == (2, 29) else made.day
    return made.replace(year=made.year + REVIEW_YEARS, day=day).isoformat()


def read(lock_file: Path | str) -> Lock:
    """Read a lock.

    Raises:
        ResourceError: The file is absent or not a lock.
    """
    try:
        value = json.loads(Path(lock_file).read_text(encoding="utf-8"))
        files = {name: LockedFile(**entry) for name, entry in value.pop("files").items()}
        return Lock(**value, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ResourceError(
            Problem(str(lock_file), f"not a knowledge lock ({error})", "restore the file")
        ) from error


def verify_source(source: Path | str, lock_file: Path | str) -> Lock:
    """Hold a folder of TSV tables against its lock.

    Args:
        source: The folder.
        lock_file: The lock.

    Returns:
        The lock.

    Raises:
        ResourceError: A table is changed, absent or not in the lock; each is named.
    """
    lock = read(lock_file)
    folder = Path(source)
    problems = []
    for name, locked in sorted(lock.files.items()):
        path = folder / name
        if not path.is_file():
            problems.append(Problem(str(path), "no such file", f"{lock_file} has it"))
        elif sha256(path) != locked.sha256:
            problems.append(
                Problem(str(path), f"differs from {lock_file}", "restore it, or sync and lock anew")
            )
    for table in PACK.values():
        found = tsv.find(folder, table)
        if found is not None and found.name not in lock.files:
            problems.append(Problem(str(found), f"is not in {lock_file}", "remove it, or lock it"))
    if problems:
        raise ResourceError(problems)
    return lock


def verify_pack(folder: Path | str, lock_file: Path | str) -> Lock:
    """Hold a built pack against the lock: every table's rows are digested again.

    Args:
        folder: The built pack.
        lock_file: The lock.

    Returns:
        The lock.

    Raises:
        ResourceError: A table is damaged, changed or absent, each named; or the pack is older
            than the lock.
    """
    lock = read(lock_file)
    pack = packs.load(folder)
    locked = {entry.table: entry.content_sha256 for entry in lock.files.values()}
    problems = []
    for name, entry in sorted(pack.contents.items()):
        path = packs.table_path(folder, name)
        try:
            digest = tables.content_digest(pack.table(name))
        except ResourceError as error:
            problems += error.problems
            continue
        if digest != entry.content_sha256 or (name in locked and digest != locked[name]):
            problems.append(
                Problem(str(path), f"its rows differ from {lock_file}", "build the pack again")
            )
        elif name not in locked and entry.rows:
            problems.append(Problem(str(path), f"is not in {lock_file}", "build the pack again"))
    if not problems and pack.digest != lock.digest:
        problems.append(
            Problem(str(folder), f"its digest is not the one of {lock_file}", "build it again")
        )
    if problems and pack.version < lock.version:
        problems.insert(
            0,
            Problem(
                str(folder),
                f"the pack of {pack.version} is older than the lock of {lock.version}",
                "build the pack again",
            ),
        )
    if problems:
        raise ResourceError(problems)
    return lock


def is_current(folder: Path | str, lock_file: Path | str) -> bool:
    """Whether a folder holds an undamaged pack of the lock's digest.

    Args:
        folder: The folder; may be absent.
        lock_file: The lock.

    Raises:
        ResourceError: The lock cannot be read.
    """
    lock = read(lock_file)
    try:
        pack = packs.load(folder)
    except ResourceError:
        return False
    return pack.digest == lock.digest and all(
        packs.table_path(folder, name).is_file()
        and sha256(packs.table_path(folder, name)) == entry.sha256
        for name, entry in pack.contents.items()
    )


def notices(lock: Lock, today: date) -> list[str]:
    """What a user should be told of knowledge that is as locked.

    Args:
        lock: The lock.
        today: The day that the age is counted to; the caller reads the clock.

    Returns:
        Lines for a banner; none while the knowledge is not due for review.
    """
    if today.isoformat() <= lock.review_by:
        return []
    return [
        f"the knowledge of {lock.version} was to be reviewed by {lock.review_by}: "
        "run `apothecary knowledge sync`, or read its findings with that in mind"
    ]
