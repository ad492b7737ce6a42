"""OncoKB, from files that a user who holds its licence has exported.

Two forms are read: answers of its API as JSON (one, or a list of them), and the tables that its
annotator writes. Only therapeutic implications are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.imported import Import, Levels, level
from apothecary.knowledge.importers.upstream import Row, read_json, read_table

SOURCE_ID = "oncokb"
_LEVEL = re.compile(r"LEVEL_(?:[1234][AB]?|R[12])")
_FUSION = re.compile(r"(?P<five>[\w.]+)-(?P<three>[\w.]+) fusion", re.IGNORECASE)
_ONE_SIDED = re.compile(r"fusions?", re.IGNORECASE)
_CHANGES = ("HGVSp_Short", "ALTERATION", "Alteration")


def import_answers(path: Path | str, levels: Levels) -> Import:
    """Read answers of the API.

    Args:
        path: JSON: an answer or a list of answers, each with `query` and `treatments`.
        levels: See `imported.read_levels`.

    Returns:
        Rows of the table imported_evidence.

    Raises:
        ResourceError: The file holds no such answers.
    """
    value = read_json(path)
    answers = value if isinstance(value, list) else [value]
    found = Import()
    seen: set[tuple[Any, ...]] = set()
    for index, answer in enumerate(answers, start=1):
        try:
            query, treatments = answer["query"], answer["treatments"]
            found.version = max(found.version, str(answer.get("dataVersion") or ""))
            for treatment in treatments or []:
                _add(_of_answer(query, treatment, levels, path), seen, found)
        except (KeyError, TypeError, AttributeError) as error:
            raise ResourceError(
                Problem(str(path), f"answer {index} is not of OncoKB ({error!r})", "export it anew")
            ) from error
    return found


def _of_answer(
    query: Mapping[str, Any], treatment: Mapping[str, Any], levels: Levels, path: Path | str
) -> Row:
    tumor = treatment.get("levelAssociatedCancerType") or {}
    disease = tumor.get("name") or (tumor.get("mainType") or {}).get("name") or ""
    pmids = treatment.get("pmids") or []
    return _row(
        _profile(str(query["hugoSymbol"] or ""), str(query["alteration"] or "")),
        str(tumor.get("code") or ""),
        str(disease),
        [str(drug["drugName"]) for drug in treatment["drugs"]],
        str(treatment["level"]),
        f"PMID:{pmids[0]}" if pmids else None,
        levels,
        path,
    )


def import_table(path: Path | str, levels: Levels) -> Import:
    """Read a table of the annotator.

    Args:
        path: TSV with Hugo_Symbol, a column of the change, and LEVEL_ columns whose cells name
            treatments: options are parted by commas, what is taken together by +.
        levels: See `imported.read_levels`.

    Returns:
        Rows of the table imported_evidence; lines without a level are left out and counted.

    Raises:
        ResourceError: The file is not such a table.
    """
    rows = read_table(path, ("Hugo_Symbol",), comment="#")
    names = list(rows[0]) if rows else []
    column = next((name for name in _CHANGES if name in names), None)
    given = [name for name in names if _LEVEL.fullmatch(name)]
    if rows and (column is None or not given):
        raise ResourceError(
            Problem(
                str(path),
                f"columns {', '.join(names)}",
                f"one of {', '.join(_CHANGES)}, and LEVEL_1 to LEVEL_R2, as the annotator writes",
                1,
            )
        )
    found = Import()
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        made = list(_of_line(row, str(column), given, levels, path))
        if not made:
            found.left_out["no level"] += 1
        for evidence in made:
            _add(evidence, seen, found)
    return found


def _of_line(
    row: Mapping[str, str], column: str, given: list[str], levels: Levels, path: Path | str
) -> Iterator[Row]:
    for name in given:
        for option in row[name].split(","):
            drugs = [drug.strip() for drug in option.split("+") if drug.strip()]
            if drugs:
                yield _row(
                    _profile(row["Hugo_Symbol"], row[column]),
                    row.get("ONCOTREE_CODE", ""),
                    row.get("CANCER_TYPE", ""),
                    drugs,
                    name,
                    None,
                    levels,
                    path,
                )


def _profile(gene: str, change: str) -> str:
    """The name of the profile of a gene and its change."""
    change = change.removeprefix("p.").strip()
    if match := _FUSION.fullmatch(change):
        return f"{match['five']}::{match['three']} Fusion"
    if _ONE_SIDED.fullmatch(change):
        five, _, three = gene.partition("-")
        return f"{five}::{three} Fusion" if three else f"{gene} Fusion"
    return f"{gene} {change}"


def _row(
    profile: str,
    code: str,
    disease: str,
    drugs: list[str],
    given: str,
    citation: str | None,
    levels: Levels,
    path: Path | str,
) -> Row:
    return {
        "molecular_profile": profile,
        "disease": disease or None,
        "oncotree_code": code or None,
        "therapies": drugs,
        "therapy_interaction": "Combination" if len(drugs) > 1 else None,
        "evidence_type": "Predictive",
        "direction": "Supports",
        "level": level(levels, SOURCE_ID, given, path),
        "source_level": given,
        "significance": "Resistance" if given.startswith("LEVEL_R") else "Sensitivity/Response",
        "rating": None,
        "origin": "Somatic",
        "citation": citation,
        "link": None,
        "source_id": SOURCE_ID,
    }


def _add(row: Row, seen: set[tuple[Any, ...]], found: Import) -> None:
    """Add a row with the next number, unless it was told before."""
    key = (
        row["molecular_profile"],
        row["oncotree_code"],
        row["disease"],
        tuple(row["therapies"]),
        row["source_level"],
    )
    if key not in seen:
        seen.add(key)
        found.evidence.append({**row, "evidence_id": f"OKB{len(seen)}"})
