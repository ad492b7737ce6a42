"""Numbers of a configuration that a range of their own cannot judge: finite, and in order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from apothecary.errors import Problem

# Keys of one section of which the first may not be above the second.
_IN_ORDER = (
    ("fail_below", "warn_below"),
    ("warn_above", "fail_above"),
    ("germline_peak_warn", "germline_peak_fail"),
    ("germline_known_warn", "germline_flag_max_known_fraction"),
    ("clonal_least", "clonal_from"),
    ("somatic_to", "germline_from"),
    ("male_max_x", "female_min_x"),
    ("female_max_y", "male_min_y"),
    ("unrelated_kinship", "first_degree_kinship"),
    ("max_stable_probability", "min_unstable_probability"),
    ("max_stable_share", "min_unstable_share"),
)


def problems(config: Mapping[str, Any], name: str) -> list[Problem]:
    """The numbers of a configuration that cannot be meant.

    Args:
        config: A configuration with all defaults.
        name: The config's name for messages.

    Returns:
        A problem for each number that is not finite, and for each pair that is out of order.
    """
    return list(_problems(config, name, ()))


def _problems(section: Mapping[str, Any], name: str, path: tuple[str, ...]) -> Iterator[Problem]:
    for key, value in section.items():
        here = (*path, str(key))
        if isinstance(value, Mapping):
            yield from _problems(value, name, here)
        for number in value if isinstance(value, list) else [value]:
            if isinstance(number, float) and not math.isfinite(number):
                yield Problem(name, repr(number), "a finite number", field=".".join(here))
    for low, high in (*_IN_ORDER, *_ranges(section), *_scores(section)):
        least, most = _number(section.get(low)), _number(section.get(high))
        if least is not None and most is not None and least > most:
            found = f"{least}, above {high}, which is {most}"
            right = f"not above {high}"
            yield Problem(name, found, right, field=".".join((*path, low)))


def _ranges(section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in section:
        if str(key).startswith("min_"):
            yield key, f"max_{key.removeprefix('min_')}"


def _scores(section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in section:
        if str(key).endswith("_benign"):
            yield key, f"{key.removesuffix('_benign')}_damaging"


def _number(value: Any) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
