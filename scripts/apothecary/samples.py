"""Sheets to validated samples, consent and clinical facts.

All problems of all sheets are gathered before any is told.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import orders, sheets
from apothecary.errors import Problem, WorkflowInputError
from apothecary.hardening import personal_ids
from apothecary.input_files import RIGHT_PATH, InputPolicy, path_problem
from apothecary.reads import sheet as reads_sheet
from apothecary.sheets import Sheet

INPUT_COLUMNS = ("input", "index", "reads", "outside_calls", "copy_number", "fusions")


@dataclass(frozen=True)
class SheetPaths:
    """Where the sheets and their schemas lie.

    Attributes:
        samples: The sample sheet.
        clinical: The clinical sheet, or None.
        consent: The consent sheet, or None.
        schemas: Folder of the JSON Schemas of rows.
        clinical_items: TSV of the clinical items with their ranges.
        reads: The sheet of FASTQ files, or None.
        orders: The sheet of orders, or None.
    """

    samples: Path
    clinical: Path | None
    consent: Path | None
    schemas: Path
    clinical_items: Path
    reads: Path | None = None
    orders: Path | None = None


@dataclass(frozen=True)
class Sheets:
    """Rows of the tables samples, consent, clinical and orders, and of the sheet of reads."""

    samples: tuple[dict[str, Any], ...]
    consent: tuple[dict[str, Any], ...]
    clinical: tuple[dict[str, Any], ...]
    reads: tuple[dict[str, Any], ...] = ()
    orders: tuple[dict[str, Any], ...] = ()


def load(
    paths: SheetPaths, batch_size: int, tumor_types: frozenset[str], policy: InputPolicy
) -> Sheets:
    """Read and check all sheets.

    Args:
        paths: The sheets and schemas.
        batch_size: Samples a batch, for rows that name none.
        tumor_types: OncoTree codes that are known; empty when they are not to be checked.
        policy: What an input path may be.

    Returns:
        Rows of the tables samples, consent, clinical and orders, and of the sheet of reads.

    Raises:
        WorkflowInputError: With every problem of every sheet.
    """
    problems: list[Problem] = []
    samples = _read(paths.samples, paths.schemas / "samples.schema.yaml", problems)
    clinical = _read(paths.clinical, paths.schemas / "clinical.schema.yaml", problems)
    consent = _read(paths.consent, paths.schemas / "consent.schema.yaml", problems)
    reads = _read(paths.reads, paths.schemas / "reads.schema.yaml", problems)
    ordered = _read(paths.orders, paths.schemas / "orders.schema.yaml", problems)
    if samples is not None:
        problems += _sample_problems(samples, tumor_types)
        problems += _personal_problems(samples, policy)
        problems += _input_problems(samples, policy)
        if reads is not None or paths.reads is None:
            problems += reads_sheet.problems(reads, samples, policy)
        problems += orders.problems(ordered, samples)
        subjects = {row["subject_id"] for _, row in samples.rows}
        for sheet in (clinical, consent):
            if sheet is not None:
                problems += _subject_problems(sheet, subjects)
    if consent is not None:
        problems += sheets.check_unique(
            consent,
            "scope",
            [(line, f"{row['subject_id']} {row['scope']}") for line, row in consent.rows],
        )
    if clinical is not None:
        problems += _clinical_problems(clinical, _clinical_items(paths.clinical_items))
    if problems:
        named = (paths.samples, paths.clinical, paths.consent, paths.reads, paths.orders)
        order = [str(path) for path in named]
        raise WorkflowInputError(
            sorted(problems, key=lambda problem: (order.index(problem.file), problem.row or 0))
        )
    return Sheets(
        samples=_sample_rows(samples, batch_size),
        consent=_plain_rows(consent),
        clinical=_plain_rows(clinical),
        reads=reads_sheet.rows(reads),
        orders=orders.rows(ordered),
    )


def _read(path: Path | None, schema_path: Path, problems: list[Problem]) -> Sheet | None:
    if path is None:
        return None
    schema = sheets.load_schema(schema_path)
    try:
        sheet = sheets.read(path, schema)
    except WorkflowInputError as error:
        problems += error.problems
        return None
    problems += sheets.check_rows(sheet, schema)
    return sheet


def _sample_problems(sheet: Sheet, tumor_types: frozenset[str]) -> list[Problem]:
    problems = []
    if not sheet.rows:
        problems.append(Problem(sheet.path, "no sample", "give one row a sample"))
    sample_ids = [(line, row["sample_id"]) for line, row in sheet.rows]
    problems += sheets.check_unique(sheet, "sample_id", sample_ids)
    spelled: dict[str, str] = {}
    for line, row in sheet.rows:
        for column in ("sample_id", "subject_id", "batch"):
            value = row[column]
            if sheets.is_reserved(value):
                problems.append(
                    Problem(sheet.path, repr(value), "a name that no system reserves", line, column)
                )
        for column in ("subject_id", "batch"):
            value = row[column]
            other = spelled.setdefault(f"{column} {value.casefold()}", value)
            if other != value:
                found = f"{value!r} differs from {other!r} in case only"
                problems.append(Problem(sheet.path, found, "spell it in one way", line, column))
        for column in ("father", "mother"):
            if row[column] == row["subject_id"]:
                found = f"{row[column]!r} is the subject itself"
                problems.append(Problem(sheet.path, found, "another subject", line, column))
        problems += _tumor_problems(sheet, line, row, tumor_types)
        if not row["input"] and row["format"] != "fastq":
            right = "the path of a file (it is empty for format fastq only)"
            problems.append(Problem(sheet.path, "no input", right, line, "input"))
        if row["input"] and row["format"] == "fastq":
            right = "empty: FASTQ files stand in the sheet of reads"
            problems.append(Problem(sheet.path, repr(row["input"]), right, line, "input"))
    problems += _sex_problems(sheet)
    return problems


def _tumor_problems(
    sheet: Sheet, line: int, row: Mapping[str, str], tumor_types: frozenset[str]
) -> list[Problem]:
    problems = []
    if row["role"] == "tumor" and not row["tumor_type"]:
        right = "give the OncoTree code of the tumor"
        problems.append(Problem(sheet.path, "no tumor type", right, line, "tumor_type"))
    if row["role"] != "tumor":
        for column in ("tumor_type", "copy_number", "fusions", "purity", "ploidy"):
            if row[column]:
                problems.append(
                    Problem(sheet.path, repr(row[column]), "only for role tumor", line, column)
                )
    if row["role"] == "tumor" and row["reads"]:
        right = "only for role germline or normal"
        problems.append(Problem(sheet.path, repr(row["reads"]), right, line, "reads"))
    if row["format"] == "maf" and row["role"] != "tumor":
        problems.append(Problem(sheet.path, "'maf'", "MAF is for role tumor", line, "format"))
    if tumor_types and row["tumor_type"] and row["tumor_type"] not in tumor_types:
        problems.append(
            Problem(
                sheet.path,
                repr(row["tumor_type"]),
                "not a code of OncoTree",
                line,
                "tumor_type",
            )
        )
    return problems


def _sex_problems(sheet: Sheet) -> list[Problem]:
    problems = []
    seen: dict[str, tuple[int, str]] = {}
    for line, row in sheet.rows:
        sex = row["sex"] or "unknown"
        if sex == "unknown":
            continue
        other_line, other = seen.setdefault(row["subject_id"], (line, sex))
        if other != sex:
            found = f"{sex!r}, but row {other_line} gives {other!r} for the same subject"
            problems.append(Problem(sheet.path, found, "one person has one sex here", line, "sex"))
    return problems


def _personal_problems(sheet: Sheet, policy: InputPolicy) -> list[Problem]:
    """Names that look like something personal; they would stand in file names and logs."""
    problems = []
    for line, row in sheet.rows:
        for column in ("sample_id", "subject_id", "batch"):
            likeness = personal_ids.looks_like(row[column], policy.personal_ids)
            if likeness:
                found = f"{row[column]!r} looks like {likeness}"
                right = "give a pseudonym (inputs.personal_ids in the config says what is refused)"
                problems.append(Problem(sheet.path, found, right, line, column))
    return problems


def _input_problems(sheet: Sheet, policy: InputPolicy) -> list[Problem]:
    if not policy.check_files:
        return []
    problems = []
    folder = Path(sheet.path).parent
    taken: dict[tuple[str, str], tuple[int, str]] = {}
    reads: dict[str, tuple[int, str]] = {}
    for line, row in sheet.rows:
        for column in INPUT_COLUMNS:
            if row[column]:
                found = path_problem(folder, row[column], policy)
                if found:
                    text = f"{row[column]!r} {found}"
                    problems.append(Problem(sheet.path, text, RIGHT_PATH, line, column))
        key = (row["input"], row["sample_in_file"] or row["sample_id"])
        other_line, other = taken.setdefault(key, (line, row["sample_id"]))
        if row["input"] and other_line != line and row["format"] != "maf":
            found = (
                f"{row['input']!r} with sample {key[1]!r} is sample {other!r} of row {other_line}"
            )
            problems.append(Problem(sheet.path, found, "give each data set once", line, "input"))
        other_line, other = reads.setdefault(row["reads"], (line, row["sample_id"]))
        if row["reads"] and other_line != line:
            found = f"{row['reads']!r} are the reads of sample {other!r} of row {other_line}"
            problems.append(
                Problem(sheet.path, found, "give the reads of one sample", line, "reads")
            )
    return problems


def _subject_problems(sheet: Sheet, subjects: set[str]) -> list[Problem]:
    return [
        Problem(
            sheet.path,
            repr(row["subject_id"]),
            "not a subject of the sample sheet",
            line,
            "subject_id",
        )
        for line, row in sheet.rows
        if row["subject_id"] not in subjects
    ]


def _clinical_items(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["item"]: row for row in csv.DictReader(stream, delimiter="\t")}


def _clinical_problems(sheet: Sheet, items: Mapping[str, Mapping[str, str]]) -> list[Problem]:
    problems = []
    for line, row in sheet.rows:
        item = items.get(row["item"])
        if item is None:
            right = f"known are: {', '.join(items)}"
            problems.append(Problem(sheet.path, repr(row["item"]), right, line, "item"))
            continue
        found, right = _clinical_value_problem(row, item)
        if found:
            problems.append(Problem(sheet.path, found, right, line, "value"))
        if row["unit"] and row["unit"] != item["unit"]:
            right = f"{row['item']} is in {item['unit'] or 'no unit'}"
            problems.append(Problem(sheet.path, repr(row["unit"]), right, line, "unit"))
    single = [
        (line, f"{row['subject_id']} {row['item']}")
        for line, row in sheet.rows
        if row["item"] not in ("medicine", "diagnosis")
    ]
    problems += sheets.check_unique(sheet, "item", single)
    several = [
        (line, f"{row['subject_id']} {row['item']} {row['value']}")
        for line, row in sheet.rows
        if row["item"] in ("medicine", "diagnosis")
    ]
    return problems + sheets.check_unique(sheet, "value", several)


def _clinical_value_problem(row: Mapping[str, str], item: Mapping[str, str]) -> tuple[str, str]:
    value = row["value"]
    if item["kind"] == "choice" and value not in item["choices"].split(","):
        return repr(value), f"one of {item['choices'].replace(',', ', ')}"
    if item["kind"] == "number":
        right = f"a number from {item['minimum']} to {item['maximum']} {item['unit']}"
        try:
            number = float(value)
        except ValueError:
            return repr(value), right
        if not float(item["minimum"]) <= number <= float(item["maximum"]):
            return repr(value), right
    return "", ""


def _sample_rows(sheet: Sheet | None, batch_size: int) -> tuple[dict[str, Any], ...]:
    if sheet is None:
        return ()
    rows = []
    unnamed = 0
    for line, row in sheet.rows:
        batch = row["batch"]
        if not batch:
            batch = f"batch{unnamed // batch_size + 1:04d}"
            unnamed += 1
        rows.append(
            {
                **row,
                "row": line,
                "sex": row["sex"] or "unknown",
                "build": row["build"] or "auto",
                "batch": batch,
                "sample_in_file": row["sample_in_file"] or row["sample_id"],
                "purity": float(row["purity"]) if row["purity"] else None,
                "ploidy": float(row["ploidy"]) if row["ploidy"] else None,
            }
        )
    return tuple(rows)


def _plain_rows(sheet: Sheet | None) -> tuple[dict[str, Any], ...]:
    return tuple(dict(row) for _, row in sheet.rows) if sheet else ()


def batches(samples: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The samples of each batch, in the order of the sheet.

    Args:
        samples: Rows of the table samples, in the order of the sheet.

    Returns:
        Batch to sample ids. A sample that is appended to the sheet changes no batch that is full.
    """
    dealt: dict[str, list[str]] = {}
    for row in samples:
        dealt.setdefault(row["batch"], []).append(row["sample_id"])
    return dealt
