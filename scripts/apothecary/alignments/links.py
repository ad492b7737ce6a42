"""A file of alignments and its index under names that every program finds the index by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def side_by_side(files: Sequence[str], folder: Path) -> str:
    """Link alignments and their index into a folder.

    Args:
        files: The alignments and their index, wherever they lie and whatever the index is named.
        folder: The folder of these links alone; it may be there from an earlier call.

    Returns:
        The link to the alignments; it has the name of the file.
    """
    path, index = (Path(file).absolute() for file in files)
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / path.name
    for made, of in ((link, path), (link.with_name(f"{link.name}{index.suffix}"), index)):
        if not made.is_symlink():
            made.symlink_to(of)
    return str(link)
