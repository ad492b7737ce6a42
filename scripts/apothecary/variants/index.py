"""The user's file made fit for reading, and its index as a witness that it is whole.

Reading goes through the whole file and needs no index, so a missing or stale one never stops it.
An index that is newer than its file counts the records that the file had when it was made; a file
that was cut between blocks and closed again holds fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from apothecary.variants import stream

SUFFIXES = (".tbi", ".csi")


@dataclass(frozen=True)
class Prepared:
    """A file that is plain text or BGZF.

    Attributes:
        path: The file to read: the user's own, or a copy in the work folder.
        remarks: What was done to it.
    """

    path: str
    remarks: tuple[str, ...] = ()


def prepare(path: str, work_folder: str | Path) -> Prepared:
    """Re-compress a plain gzip file as BGZF into the work folder; leave any other as it is.

    Args:
        path: The user's file, which is not changed.
        work_folder: A folder of the run.

    Returns:
        The file to read.

    Raises:
        WorkflowInputError: The file is absent, cut or damaged.
    """
    if stream.container(path) != "gzip":
        return Prepared(path)
    import pysam

    copy = _free_name(Path(work_folder), Path(path).name)
    with pysam.BGZFile(str(copy), "wb", None) as packed:
        for piece in stream.pieces(path):
            packed.write(piece)
    remark = "the file is plain gzip; a bgzipped copy was read"
    return Prepared(str(copy), (remark,))


def _free_name(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    while (folder / f"{number}.{name}").exists():
        number += 1
    return folder / f"{number}.{name}"


@dataclass(frozen=True)
class IndexWitness:
    """What an index says of its file.

    Attributes:
        index: Path of the index.
        records: Records that it counts; None when it cannot be read or is older than the file.
        problem: Why it says nothing, in words, or None.
    """

    index: str
    records: int | None
    problem: str | None


def witness(path: str, index: str | None, work_folder: str | Path) -> IndexWitness | None:
    """Ask the index of a bgzipped file how many records there are.

    Args:
        path: The file.
        index: Its index; when not given, one beside the file.
        work_folder: A folder of the run.

    Returns:
        The witness; None when there is no index, or the file is not bgzipped.
    """
    if stream.container(path) != "bgzf":
        return None
    beside = (Path(path + suffix) for suffix in SUFFIXES)
    found = Path(index) if index else next((p for p in beside if p.is_file()), None)
    if found is None:
        return None
    if not found.is_file():
        return IndexWitness(str(found), None, "is not there")
    if found.stat().st_mtime < Path(path).stat().st_mtime:
        return IndexWitness(str(found), None, "is older than its file")
    return _ask(path, found, Path(work_folder))


def _ask(path: str, index: Path, work_folder: Path) -> IndexWitness:
    import pysam
    from pysam import bcftools
    from pysam.utils import SamtoolsError

    # bcftools looks for the index beside the file only: both are linked under one name.
    link = _free_name(work_folder, Path(path).name)
    index_link = link.with_name(link.name + index.suffix)
    link.symlink_to(Path(path).resolve())
    index_link.symlink_to(index.resolve())
    verbosity = pysam.set_verbosity(0)
    try:
        counted = str(bcftools.index("--nrecords", str(link)))
        return IndexWitness(str(index), int(counted), None)
    except (SamtoolsError, ValueError):
        return IndexWitness(str(index), None, "cannot be read")
    finally:
        pysam.set_verbosity(verbosity)
        link.unlink()
        index_link.unlink()
