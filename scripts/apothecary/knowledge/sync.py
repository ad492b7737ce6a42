"""Upstream sources into knowledge tables: from the user's folder, or downloaded when asked to.

This is the one place that reaches the network, and only by `apothecary knowledge sync` without a
folder. What is fetched is written whole or not at all, digested into the table of sources, checked
by building a pack of it, and locked.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.files import replacing
from apothecary.knowledge import build, curate, lock, tsv
from apothecary.knowledge.importers.upstream import Row, read_table
from apothecary.knowledge.schemas import PACK
from apothecary.knowledge.units import pharmacogenes
from apothecary.knowledge.units.base import Tables

DOWNLOADS = "downloads.tsv"
TIMEOUT_SECONDS = 60
# The largest source is under 5 MB; a body beyond this is not one of them.
MAXIMUM_BYTES = 500_000_000


@dataclass(frozen=True)
class Download:
    """A file that can be fetched.

    Attributes:
        source_id: Its source.
        file: Path below the upstream folder.
        address: Where it is.
    """

    source_id: str
    file: str
    address: str


def sync(
    upstream: Path | None,
    out: Path | str,
    *,
    with_text: bool = False,
    resources: Path | None = None,
) -> list[str]:
    """Import upstream sources into a folder of knowledge tables and lock them.

    Tables whose sources are not at hand are taken from the embedded tables; the lines say so.

    Args:
        upstream: Folder of upstream files, in the layout of the register's patterns, in it or in
            a folder below it. None downloads what has an address, into `<out>/upstream`.
        out: Folder of the tables to write; `<out>.lock` is written beside it.
        with_text: Whether the words of the guidance are taken over; refused for the embedded
            tables, which hold facts only.
        resources: Folder of the embedded `knowledge` tables and of `pharmacogene_rules.tsv`; the
            one of this installation when not given.

    Returns:
        Lines that say what was read, kept and written.

    Raises:
        ResourceError: A download fails, a file is not what its importer knows, or the tables
            contradict each other. `out` is left as it was.
    """
    place = resources or Path(__file__).resolve().parents[3] / "resources"
    embedded = place / "knowledge"
    target = Path(out)
    if with_text and target.resolve() == embedded.resolve():
        raise ResourceError(
            Problem(str(out), "the embedded tables hold no words of guidance", "name another --out")
        )
    lines = []
    if upstream is None:
        upstream = target / "upstream"
        lines = download(embedded / "curation" / DOWNLOADS, upstream)
    elif not upstream.is_dir():
        raise ResourceError(Problem(str(upstream), "no such folder", "name a folder of sources"))
    below = sorted(path for path in upstream.iterdir() if path.is_dir())
    opened = curate.open_upstream(
        embedded / "curation",
        [upstream, *below],
        place / "pharmacogene_rules.tsv",
        with_text=with_text,
    )
    curated = curate.curate(opened, _earlier(embedded))
    written = _write(curated.tables, target)
    rows = {row["source_id"]: row for row in curated.tables["sources"]}
    lines += [f"kept: {name}, since there is {why}" for name, why in curated.kept.items()]
    lines += [
        f"read: {source_id} {rows[source_id]['version']}, sha256 {rows[source_id]['sha256']}"
        for source_id in sorted(
            {need for unit in curate.UNITS if unit.name not in curated.kept for need in unit.needs}
            | {pharmacogenes.FDA}
        )
        if source_id in rows
    ]
    lines.append(
        f"wrote: {out} and {_lock_path(target)}, {written.digest} of {written.version}; to use it, "
        f"set knowledge: source and lock in the config to these"
    )
    return lines


def _lock_path(target: Path) -> Path:
    return target.with_name(f"{target.name}.lock")


def _earlier(embedded: Path) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for table in PACK.values():
        path = tsv.find(embedded, table)
        tables[table.name] = tsv.read(path, table).rows if path else []
    return tables


def _write(tables: Tables, target: Path) -> lock.Lock:
    """Write the tables beside the target, build a pack of them, then move and lock them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sync.", dir=target.parent) as name:
        fresh, pack = Path(name) / "tables", Path(name) / "pack"
        for table in PACK.values():
            if tables.get(table.name) or table.name not in build.OPTIONAL:
                tsv.write(fresh, table, tables.get(table.name, []))
        built = build.build(fresh, pack)
        target.mkdir(parents=True, exist_ok=True)
        for table in PACK.values():
            older = tsv.find(target, table)
            newer = tsv.find(fresh, table)
            if older is not None and (newer is None or older.name != newer.name):
                older.unlink()
            if newer is not None:
                newer.replace(target / newer.name)
        return lock.write(target, built, _lock_path(target))


def read_downloads(path: Path | str) -> list[Download]:
    """Read the table of addresses.

    Args:
        path: A table with the columns source_id, file, address.

    Raises:
        ResourceError: The file is not such a table, or a path leads out of its folder.
    """
    downloads = [Download(**item) for item in read_table(path, ("source_id", "file", "address"))]
    for item in downloads:
        if Path(item.file).is_absolute() or ".." in Path(item.file).parts:
            raise ResourceError(Problem(str(path), item.file, "a path below the upstream folder"))
    return downloads


def download(table: Path | str, folder: Path | str) -> list[str]:
    """Fetch every file of a table of addresses.

    Args:
        table: See `read_downloads`.
        folder: Where the files are written, each whole or not at all.

    Returns:
        A line a file.

    Raises:
        ResourceError: A file cannot be fetched; those before it stay.
    """
    lines = []
    for item in read_downloads(table):
        path = Path(folder) / item.file
        with replacing(path) as temporary:
            _fetch(item.address, temporary)
            _compress_as_named(path, temporary)
        lines.append(f"fetched: {item.address} to {path}")
    return lines


def _fetch(address: str, path: Path) -> None:
    if not address.startswith(("https://", "http://")):
        raise ResourceError(Problem(address, "no web address", "https:// is needed"))
    request = urllib.request.Request(address, headers={"User-Agent": "apothecary"})
    try:
        with (
            urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer,
            path.open("wb") as stream,
        ):
            expected = answer.headers.get("Content-Length")
            shutil.copyfileobj(answer, stream)
            size = stream.tell()
    except (urllib.error.URLError, OSError) as error:
        raise ResourceError(
            Problem(address, f"cannot be fetched ({error})", "try again, or use --from FOLDER")
        ) from error
    if size == 0 or size > MAXIMUM_BYTES or (expected and int(expected) != size):
        raise ResourceError(
            Problem(address, f"{size} bytes came", f"{expected or 'some'} bytes were announced")
        )


def _compress_as_named(path: Path, temporary: Path) -> None:
    """Gzip a body that came plain under a name that ends in `.gz`."""
    if path.suffix == ".gz":
        body = temporary.read_bytes()
        if body[:2] != b"\x1f\x8b":
            temporary.write_bytes(gzip.compress(body, mtime=0))
