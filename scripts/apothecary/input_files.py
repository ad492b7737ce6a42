"""What an input path of a sheet may be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from apothecary.hardening.personal_ids import DATE, SSN


@dataclass(frozen=True)
class InputPolicy:
    """What an input path may be.

    Attributes:
        symlinks: Whether an input may be a symbolic link that leaves its folder.
        check_files: Whether the input files are looked at, beside the sheets.
        shared_reads: Whether a FASTQ may be of more than one sample.
        personal_ids: What a name may not look like; see `hardening.personal_ids`.
    """

    symlinks: bool = False
    check_files: bool = True
    shared_reads: bool = False
    personal_ids: tuple[str, ...] = (DATE, SSN)


RIGHT_PATH = "give the path of a regular file, relative to the sheet or absolute"


def path_problem(folder: Path, value: str, policy: InputPolicy) -> str:
    """What is wrong with a path of a sheet, worded for the end of a sentence; empty when nothing.

    Args:
        folder: The folder that paths of the sheet are relative to.
        value: The path as in the sheet.
        policy: What an input path may be.
    """
    if not value.isprintable():
        return "holds characters that cannot be printed"
    path = folder / value
    if not path.exists():
        return "does not exist"
    if not path.is_file():
        return "is not a regular file"
    if path.is_symlink() and not policy.symlinks:
        target = path.resolve()
        if path.parent.resolve() not in target.parents:
            return "is a symbolic link out of its folder (inputs.symlinks in the config allows it)"
    return ""
