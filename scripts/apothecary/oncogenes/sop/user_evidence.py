"""A user's own table of evidence: a code of the procedure for a change of a gene."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes import profiles, proteins
from apothecary.oncogenes.sheets import read_sheet
from apothecary.oncogenes.sop.rules import Code, Rules
from apothecary.oncogenes.sop.subject import key_of

COLUMNS = ("gene", "change", "code", "strength", "evidence", "reference")


def read(path: Path | str, rules: Rules) -> dict[tuple[str, str], list[Code]]:
    """Read the table.

    Args:
        path: Tab-separated, with the columns gene, change (p. in one or three letters, or c.),
            code, strength (empty for the code's greatest), evidence in words, and reference.
        rules: The codes and strengths that there are.

    Returns:
        Codes by gene and change.

    Raises:
        WorkflowInputError: With every row that is faulty.
    """
    header, rows = read_sheet(path)
    absent = [name for name in COLUMNS if name not in header]
    if absent:
        right = f"the columns {', '.join(COLUMNS)}"
        raise WorkflowInputError(Problem(str(path), f"no column {', '.join(absent)}", right, 1))
    found: dict[tuple[str, str], list[Code]] = {}
    problems: list[Problem] = []
    for number, row in rows:
        wrong = _problem(row, rules)
        if wrong:
            field, said, right = wrong
            problems.append(Problem(str(path), said, right, number, field))
            continue
        strength = row["strength"] or rules.greatest_strength(row["code"])
        code = Code(row["code"], strength, row["evidence"], "user", (row["reference"],))
        found.setdefault((row["gene"], _key(row["change"])), []).append(code)
    if problems:
        raise WorkflowInputError(problems)
    return found


def _problem(row: Mapping[str, str], rules: Rules) -> tuple[str, str, str] | None:
    """Field, what was found and what would be right, of a row that cannot be taken."""
    strengths = {code: [s for c, s in rules.points if c == code] for code, _ in rules.points}
    for field in ("gene", "change", "code", "evidence", "reference"):
        if not row[field]:
            return field, "empty", "a value is needed"
    if not _key(row["change"]):
        return "change", repr(row["change"]), "a change such as p.Val600Glu, V600E or c.92C>G"
    if row["code"] not in strengths:
        return "code", repr(row["code"]), f"one of {', '.join(sorted(strengths))}"
    if row["strength"] and row["strength"] not in strengths[row["code"]]:
        right = f"{', '.join(strengths[row['code']])} for {row['code']}, or empty"
        return "strength", repr(row["strength"]), right
    return None


def _key(text: str) -> str:
    if text.startswith("c."):
        return profiles.normal_coding(text)
    change = proteins.parse(text)
    return key_of(change) if change else ""
