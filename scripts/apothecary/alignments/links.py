"""A file of alignments and its index under names that every program finds the index by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def side_by_side(files: Sequence[str], folder: Path) -> str:
    """Link alignments and their index into a folder.

    Args:
        files: The alignments and their index, wherever they lie and whatever the index is named.
        folder: A folder to make for the links.

    Returns:
        The link to the alignments; it has the name of the file.
    """
    path, index = (Path(file).absolute() for file in files)
    folder.mkdir(parents=True)
    link = folder / path.name
    link.symlink_to(path)
    link.with_name(f"{link.name}{index.suffix}").symlink_to(index)
    return str(link)
