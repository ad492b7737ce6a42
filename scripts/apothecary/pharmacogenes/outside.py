"""Diplotypes, phenotypes and activity scores that were called elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.pharmacogenes import hla, hla_files
from apothecary.pharmacogenes.definitions import Definitions, Gene
from apothecary.pharmacogenes.matcher import name_key, ordered

Row = dict[str, Any]

HLA = "HLA-"
_MAX_BYTES = 1_000_000
_SCORE = re.compile(r"^(≥|>=)?\d+(\.\d+)?$|^n/a$")
_SHORT_PHENOTYPES = {
    "PM": "Poor Metabolizer",
    "IM": "Intermediate Metabolizer",
    "NM": "Normal Metabolizer",
    "RM": "Rapid Metabolizer",
    "UM": "Ultrarapid Metabolizer",
}
"""Abbreviations of the CPIC terms for metabolizers."""


def read(path: Path | str, sample_id: str, definitions: Definitions, file: str = "") -> list[Row]:
    """Read outside calls: a TSV of gene, diplotype, phenotype, activity score; or HLA types.

    The TSV has no header. Files of HLA callers are told by their form, see `hla_files`. Lines that
    start with # and empty lines are passed over, and columns beyond the fourth are not read. A
    gene may have several lines, each a call of its own.

    Args:
        path: The file.
        sample_id: The sample that the calls are of.
        definitions: The pharmacogenes that are known.
        file: Path for messages and the table; `path` when empty.

    Returns:
        Rows of the table outside_calls.

    Raises:
        WorkflowInputError: All problems of the file.
    """
    name = file or str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
        raise WorkflowInputError(Problem(name, found, "give a TSV of outside calls")) from None
    if len(data) > _MAX_BYTES:
        raise WorkflowInputError(
            Problem(name, f"{len(data)} bytes", f"outside calls are at most {_MAX_BYTES} bytes")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkflowInputError(Problem(name, "not UTF-8", "save the file as UTF-8")) from None
    typings = hla_files.read(text, name)
    if typings is not None:
        return hla_files.rows(typings, sample_id, name, definitions.genes)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        wrong = _check_line(name, number, cells, definitions)
        problems += wrong
        if not wrong:
            gene, diplotype, phenotype, score = (cells + [""] * 4)[:4]
            rows.append(
                {
                    "sample_id": sample_id,
                    "gene": gene,
                    "row": number,
                    "diplotype": diplotype or None,
                    "phenotype": _SHORT_PHENOTYPES.get(phenotype, phenotype) or None,
                    "activity_score": score.replace(">=", "≥") or None,
                    "file": name,
                }
            )
    if problems:
        raise WorkflowInputError(problems)
    return rows


def _check_line(
    name: str, number: int, cells: Sequence[str], definitions: Definitions
) -> list[Problem]:
    if len(cells) < 2:
        right = "gene, diplotype, phenotype and activity score, separated by tabs"
        return [Problem(name, "one column", right, number)]
    gene, diplotype, phenotype, score = (list(cells) + [""] * 4)[:4]
    problems = []
    if gene not in definitions.genes:
        right = f"one of {', '.join(definitions.genes)}"
        problems.append(Problem(name, f"unknown gene {gene!r}", right, number, "gene"))
    if not (diplotype or phenotype or score):
        problems.append(
            Problem(name, "no call", "a diplotype, a phenotype or an activity score", number)
        )
    if diplotype and (diplotype.count("/") > 1 or "" in diplotype.split("/")):
        right = "one allele, or two with a slash between"
        problems.append(Problem(name, f"{diplotype!r}", right, number, "diplotype"))
    elif gene.startswith(HLA) and diplotype:
        for allele in diplotype.split("/"):
            named = hla.parse(allele.strip())
            if named is None or named.gene not in (None, gene):
                problems.append(Problem(name, repr(allele[:40]), hla.FORM, number, "diplotype"))
    if score and not _SCORE.match(score):
        right = "a number such as 1.25, or ≥3.0, or n/a"
        problems.append(Problem(name, f"{score!r}", right, number, "activity_score"))
    for field, value in (("diplotype", diplotype), ("phenotype", phenotype)):
        if len(value) > 200 or not value.isprintable():
            right = "printable text of at most 200 characters"
            problems.append(Problem(name, f"{value[:40]!r}", right, number, field))
    return problems


def outside_rows_of_gene(
    gene: Gene,
    outside: Sequence[Mapping[str, Any]],
    own: Sequence[Row],
    outside_wins: bool,
) -> list[Row]:
    """Rows of the table diplotypes for a gene with outside calls; a collision is told in both.

    Args:
        gene: The gene.
        outside: Its rows of outside_calls.
        own: What was called here.
        outside_wins: Whether the outside calls replace the own call.

    Returns:
        The rows without the column sample_id.
    """
    called = [row for row in own if row["method"] != "not_called"]
    said = sorted({label(gene, row) or _told(row) for row in outside})
    if called and not outside_wins:
        warning = f"an outside call says {' or '.join(said)}; the call made here is used"
        return [{**row, "warnings": sorted({*row["warnings"], warning})} for row in own]
    warnings = []
    if called:
        names = " or ".join(str(row["diplotype"]) for row in called)
        warnings.append(f"the variants of the sample say {names}; the outside call is used")
    rows: dict[tuple[str | None, ...], Row] = {}
    # By the alleles in the order in which they were given, as the peers list outside calls.
    for call_ in sorted(outside, key=lambda r: name_key(str(r["diplotype"] or "~"))):
        first, second = _alleles(gene, call_["diplotype"])
        key = (first, second, call_["phenotype"], call_["activity_score"])
        rows.setdefault(
            key,
            {
                "gene": gene.name,
                "diplotype": label(gene, call_),
                "allele_1": first,
                "allele_2": second,
                "score": None,
                "posterior": None,
                "phased": False,
                "effectively_phased": False,
                "method": "outside",
                "reason": _told(call_),
                "supporting_sites": [],
                "missing_sites": [],
                "not_excludable": [],
                "warnings": warnings,
                "outside_phenotype": call_["phenotype"],
                "outside_activity_score": call_["activity_score"],
            },
        )
    return [{**row, "rank": rank} for rank, row in enumerate(rows.values(), start=1)]


def _told(row: Mapping[str, Any]) -> str:
    told = [
        f"{name.replace('_', ' ')} {row[name]}"
        for name in ("diplotype", "phenotype", "activity_score")
        if row[name]
    ]
    return f"outside call ({row['file']}, row {row['row']}): {', '.join(told)}"


def _alleles(gene: Gene, diplotype: str | None) -> tuple[str | None, str | None]:
    if not diplotype:
        return None, None
    names = [name.strip() for name in diplotype.split("/")]
    if gene.name.startswith(HLA):
        names = [named.name if (named := hla.parse(name)) else name for name in names]
    return ordered(names[0], names[1] if len(names) > 1 else None)


def label(gene: Gene, row: Mapping[str, Any]) -> str | None:
    """How an outside call is written; None when only a phenotype is given."""
    first, second = _alleles(gene, row["diplotype"])
    if first:
        return first if second is None else f"{first}/{second}"
    score = row["activity_score"]
    if score and score != "n/a":
        phenotype = row["phenotype"] or score_phenotype(gene, score)
        return f"{phenotype} ({score})" if phenotype else score
    return None


def score_phenotype(gene: Gene, score: str) -> str | None:
    """The phenotype of an activity score; None when no rule of the gene has it."""
    for answer in (*gene.rules.values(), *gene.exceptions.values()):
        if answer.activity_score == score:
            return answer.phenotype
    return None
