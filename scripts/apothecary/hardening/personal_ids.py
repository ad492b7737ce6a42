"""Names of samples that look like a date of birth, a social security or a medical record number.

Names stand in file names, logs and reports, and none of these is a pseudonym. The shapes are our
own choice, and only shapes: nothing is told about whose they are.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

DATE, SSN, MRN = "date", "ssn", "mrn"

_BETWEEN = r"[._-]"
_MONTHS = [
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
]
# Years of birth or of sampling; four digits outside them are no year.
_YEARS = range(1900, 2100)
_PARTS = re.compile(
    rf"(?<![0-9])(?:([0-9]{{4}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}})"
    rf"|([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{4}}))(?![0-9])"
)
_NAMED_MONTH = re.compile(
    rf"(?<![0-9])([0-9]{{1,2}}){_BETWEEN}?({'|'.join(_MONTHS)}){_BETWEEN}?([0-9]{{4}})(?![0-9])",
    re.I,
)
# Eight digits alone, or behind one letter or "dob": those of an accession such as SRR stand behind
# more letters.
_COMPACT = re.compile(r"(?:[A-Z]|dob)?([0-9]{8})[A-Z]?", re.I)
_SSN = re.compile(
    r"(?<![0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9])|(?:^|[._-])ssn[._-]?[0-9]{9}$", re.I
)
_MRN = re.compile(r"(?:^|[._-])mrn[._-]?[0-9]+|^[0-9]{6,10}$", re.I)


def looks_like(name: str, kinds: Iterable[str]) -> str:
    """What a name looks like, in words; empty when it looks like none of the kinds.

    Args:
        name: The name.
        kinds: Of `date`, `ssn` and `mrn`, those that are looked for.
    """
    wanted = set(kinds)
    if SSN in wanted and _SSN.search(name):
        return "a social security number"
    if DATE in wanted and _holds_date(name):
        return "a date such as one of birth"
    if MRN in wanted and _MRN.search(name):
        return "a medical record number"
    return ""


def _holds_date(name: str) -> bool:
    for found in _PARTS.finditer(name):
        first, second, third = (int(part) for part in found.groups() if part is not None)
        if _is_day(first, second, third) if found[1] else _is_day_either_way(third, first, second):
            return True
    for found in _NAMED_MONTH.finditer(name):
        if _is_day(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1])):
            return True
    for token in re.split(_BETWEEN, name):
        match = _COMPACT.fullmatch(token)
        if match is not None and _is_compact(match[1]):
            return True
    return False


def _is_compact(digits: str) -> bool:
    first, last = int(digits[:4]), int(digits[4:])
    return _is_day(first, *divmod(last, 100)) or _is_day_either_way(last, *divmod(first, 100))


def _is_day_either_way(year: int, one: int, other: int) -> bool:
    return _is_day(year, one, other) or _is_day(year, other, one)


def _is_day(year: int, month: int, day: int) -> bool:
    if year not in _YEARS:
        return False
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True
