"""A call that may fail for its sample alone.

What is wrong with the reads of one sample is a row with the reason, and an empty file stands where
its calls would; what is wrong with the run (a reference or a program that is missing) stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.calling import files
from apothecary.errors import WorkflowInputError

_HEAD = ("##fileformat=VCFv4.3",)
_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")

Row = Mapping[str, Any]


def refusal(outcomes: Iterable[Row]) -> str:
    """Why alignments could not be measured; empty when they could.

    Args:
        outcomes: Rows of the table outcomes, of the step measure_alignments.
    """
    return next((str(row["reason"]) for row in outcomes if row["status"] == "failed"), "")


def attempt(
    sample_id: str,
    step: str,
    refused: str,
    call: Callable[[], None],
    otherwise: Callable[[], None],
) -> dict[str, Any]:
    """Call a sample, unless its reads were refused before.

    Args:
        sample_id: The sample.
        step: The rule that calls.
        refused: Why its reads cannot be used; empty when they can.
        call: Makes the calls.
        otherwise: Makes what stands for them when there are none.

    Returns:
        The sample's row of the table outcomes.
    """
    reason = refused
    if not reason:
        try:
            call()
        except WorkflowInputError as error:
            reason = "; ".join(str(error).splitlines())
    if reason:
        otherwise()
    status = "failed" if reason else "ok"
    return {"sample_id": sample_id, "step": step, "status": status, "reason": reason}


def write_nothing(path: Path | str, columns: Sequence[str]) -> None:
    """Write a variant file without a record, and its index.

    Args:
        path: The final path, ending in .vcf.gz.
        columns: Names of the sample columns.
    """
    files.write(path, [*_HEAD, "\t".join((*_COLUMNS, *columns))], ())
