"""Whether a change of dose is up or down, where its figure alone tells."""

from __future__ import annotations

import re

_WHOLE = 100.0
_NUMBER = r"\d+(?:\.\d+)?"
# A share of the usual dose. Shares of the maximum dose and limits in mg say nothing of a dose below
# them.
_SHARE = re.compile(
    rf"(?P<most>≤ )?(?P<low>{_NUMBER})(?:–(?P<high>{_NUMBER}))? %"
    r"(?: of the (?:lowest )?(?:starting|maintenance) dose)?"
)


def direction(dose_change: str | None) -> str | None:
    """The direction of a change of dose.

    Args:
        dose_change: The change as guidance has it: a share in percent of the usual dose, 100 for
            the same, or any other figure or words.

    Returns:
        decrease or increase; None where it is not told, or is not sure.
    """
    found = _SHARE.fullmatch(dose_change or "")
    if found is None:
        return None
    low = float(found["low"])
    if float(found["high"] or low) < _WHOLE:
        return "decrease"
    return "increase" if low > _WHOLE and not found["most"] else None
