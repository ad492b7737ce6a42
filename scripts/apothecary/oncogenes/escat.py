"""ESCAT tiers that are computed from the levels of the evidence.

The scale (Mateo et al., Ann Oncol 2018;29:1895-1902) grades pairs of a change and a treatment by
the design of trials, which the evidence at hand does not tell. So a tier here is computed by the
rules of `resources/escat_rules.tsv`, and its reason stands with it. Tier V, of combined targets,
is never computed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.oncogenes import tumor_types

TIERS = ("I-A", "I-B", "I-C", "II-A", "II-B", "III-A", "III-B", "IV-A", "IV-B", "V", "X")
"""All tiers of the scale, the strongest first."""

EVIDENCE, SIMILAR, NONE = "evidence", "similar", "none"
ANYTHING = "*"
_COLUMNS = ("case", "level", "tumor", "escat", "reason", "definition_source", "mapping_source")
_NEARNESS: Mapping[str, str] = {
    tumor_types.EXACT: "here",
    tumor_types.MAIN_TYPE: "here",
    tumor_types.ANY: "any",
    tumor_types.TISSUE: "elsewhere",
    tumor_types.OTHER: "elsewhere",
}


@dataclass(frozen=True)
class Rule:
    """When a tier is given.

    Attributes:
        case: evidence (for the change), similar (for another change of its gene) or none.
        level: Level of the evidence, A to E, or * for any.
        tumor: here (the tumor type or its main type), any (any tumor), elsewhere, or *.
        escat: The tier.
        reason: Why, in words.
    """

    case: str
    level: str
    tumor: str
    escat: str
    reason: str


def read(path: Path | str) -> list[Rule]:
    """Read the table of rules; the first that fits counts.

    Args:
        path: A TSV file with a header line.

    Raises:
        ResourceError: The file is not such a table, or a tier is not of the scale.
    """
    with Path(path).open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter="\t")
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            found = f"columns {', '.join(reader.fieldnames or ()) or 'none'}"
            raise ResourceError(Problem(str(path), found, f"needed: {', '.join(_COLUMNS)}", 1))
        rows = list(reader)
    problems = [
        Problem(str(path), repr(row["escat"]), f"one of {', '.join(TIERS)}", line, "escat")
        for line, row in enumerate(rows, start=2)
        if row["escat"] not in TIERS
    ]
    if problems:
        raise ResourceError(problems)
    names = ("case", "level", "tumor", "escat", "reason")
    return [Rule(*(row[name] for name in names)) for row in rows]


def of(
    case: str, level: str, tumor_match: str, rules: Iterable[Rule]
) -> tuple[str | None, str | None]:
    """The tier of a pair of a change and a treatment, and why.

    Args:
        case: See `Rule`.
        level: Level of the evidence, A to E; empty without evidence.
        tumor_match: See `tumor_types.TumorTypes.distance`; empty without evidence.
        rules: See `read`.

    Returns:
        Tier and reason; None and None when no rule fits.
    """
    near = _NEARNESS.get(tumor_match, "")
    for rule in rules:
        if rule.case == case and rule.level in (level, ANYTHING) and rule.tumor in (near, ANYTHING):
            return rule.escat, f"computed: {rule.reason}"
    return None, None


def best(tiers: Iterable[str | None]) -> str | None:
    """The strongest of some tiers; None when there is none."""
    return min((tier for tier in tiers if tier), key=TIERS.index, default=None)


def without_any(rows: Sequence[dict[str, Any]], rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Rows of the table actionability, with the tier of no evidence where a finding has none.

    Args:
        rows: Rows of one tumor.
        rules: See `read`.

    Returns:
        The rows; those of a finding without a tier and without a reason have both.
    """
    graded = {row["finding_id"] for row in rows if row["escat_reason"]}
    tier, reason = of(NONE, "", "", rules)
    return [
        row if row["finding_id"] in graded else {**row, "escat": tier, "escat_reason": reason}
        for row in rows
    ]
