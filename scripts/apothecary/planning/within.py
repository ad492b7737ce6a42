"""The limits within which a file was read, as a param of the job that read it.

A change of the limits changes no result but that of a reading which they stopped. So the param of
a job stays what it was, until an outcome tells that a limit stopped a reading: then it is that of
the limits of now, and Snakemake runs the job again where they are others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_BEGIN = "read within "


def param(
    limits: Mapping[str, int],
    path: str,
    recorded: Sequence[Any] | None,
    stopped: Callable[[Path], bool],
) -> str:
    """The param of a job.

    Args:
        limits: The limits of now, by name.
        path: Where the outcome of the job stands.
        recorded: What Snakemake recorded of the params of the job that wrote it, None for nothing.
        stopped: Whether an outcome tells of a reading that a limit stopped; asked only where the
            limits are others.

    Returns:
        The limits in words: those of now, or those recorded.
    """
    now = _BEGIN + json.dumps(dict(limits), sort_keys=True)
    before = next((str(p) for p in recorded or () if _BEGIN in str(p)), None)
    if before is None or now in before or not Path(path).is_file() or stopped(Path(path)):
        return now
    return before[before.index(_BEGIN) : before.rindex("}") + 1]


def params(
    limits: Mapping[str, int], results: str, recorded: Callable[[str], Sequence[Any] | None]
) -> Callable[[str], Callable[[Any], str]]:
    """A maker of functions of wildcards for rules; each gives the `param` of a job.

    Args:
        limits: The limits of now, by name.
        results: Folder of the results.
        recorded: See `param`; asked by the path of an output.
    """

    def of_outcome(pattern: str) -> Callable[[Any], str]:
        def of_job(wildcards: Mapping[str, str]) -> str:
            path = f"{results}/{pattern.format(**dict(wildcards.items()))}"
            return param(limits, path, recorded(path), _tells_of_a_limit)

        return of_job

    return of_outcome


def _tells_of_a_limit(path: Path) -> bool:
    from apothecary.execution import stopped  # A plan needs no Arrow.

    return stopped.tells(path)
