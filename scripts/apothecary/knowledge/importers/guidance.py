"""Guidance of CPIC and DPWG by drug: fields and lookup keys, and the words on request only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nh3

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.guidance_reading import Flags, read_action
from apothecary.knowledge.importers.upstream import Row, read_json

_TAGS = {"p", "br", "ul", "ol", "li", "em", "strong", "b", "i", "h4", "h5", "sub", "sup"}
# DPWG keys of DPYD hold a word behind the score, such as `1.0 (Phenotyping)`.
_QUALIFIED = re.compile(r"(\d+\.\d+) \(([^)]+)\)")


def import_guidance(
    files: Iterable[Path | str], source_id: str, *, with_text: bool = False
) -> dict[str, list[Row]]:
    """Read guideline annotations of ClinPGx, one JSON file a guideline.

    Args:
        files: The files, gzipped or not.
        source_id: Source of every row.
        with_text: Whether the words of the recommendations are taken over, for a pack that the
            user builds from an own copy; their HTML is sanitised.

    Returns:
        Rows of the tables guidance, guidance_keys and guidance_text; the last is empty without
        `with_text`. A recommendation for several drugs has a row a drug. The action is read as
        `guidance_reading` says. A guideline without recommendations that look anything up has
        one row a drug under its own identifier, without keys: see the guideline.

    Raises:
        ResourceError: A file is not such an annotation.
    """
    tables: dict[str, list[Row]] = {"guidance": [], "guidance_keys": [], "guidance_text": []}
    for file in files:
        value = read_json(file)
        try:
            _add_guideline(tables, value, source_id, with_text=with_text)
        except (KeyError, TypeError, AttributeError) as error:
            raise ResourceError(
                Problem(str(file), f"no guideline annotation ({error!r})", "another release?")
            ) from error
    return tables


def _add_guideline(
    tables: dict[str, list[Row]], value: Mapping[str, Any], source_id: str, *, with_text: bool
) -> None:
    guideline = value["guideline"]
    pmids = [citation["pmid"] for citation in value["citations"] if citation.get("pmid")]
    if not value["recommendations"]:
        tables["guidance"] += _whole_guideline(guideline, pmids, source_id)
    ambiguous = _ambiguous_scores(value["recommendations"])
    for item in value["recommendations"]:
        keys, qualifier = _keys(item["lookupKey"], ambiguous)
        chemicals = item["relatedChemicals"]
        names = [chemical["name"].lower() for chemical in chemicals]
        flags = Flags(
            bool(item["dosingInformation"]),
            bool(item["alternateDrugAvailable"]),
            bool(item["otherPrescribingGuidance"]),
        )
        text = item["text"]["html"]
        reading = read_action(text, flags, names)
        strength = (item.get("classification") or {}).get("term")
        for chemical, drug in zip(chemicals, names, strict=True):
            own = {"guidance_id": item["id"], "drug": drug}
            tables["guidance"].append(
                {
                    **own,
                    "drug_id": chemical["id"],
                    "source": guideline["source"],
                    "guideline_id": guideline["id"],
                    "guideline_version": str(guideline["version"]),
                    "link": guideline["url"],
                    "genes": sorted(item["lookupKey"]),
                    "population": qualifier or item.get("population") or None,
                    "strength": None if strength in {None, "N/A"} else strength,
                    "action": reading.action,
                    "dose_change": reading.dose_change,
                    "effects": [],
                    "dosing_information": flags.dosing,
                    "alternate_drug": flags.alternate,
                    "other_guidance": flags.other,
                    "pmids": pmids,
                    "source_id": source_id,
                }
            )
            tables["guidance_keys"] += [{**own, **key} for key in keys]
            if with_text:
                tables["guidance_text"].append(
                    {
                        **own,
                        "text": sanitised(text),
                        "implications": [
                            sanitised(words).replace("|", "/") for words in item["implications"]
                        ],
                        "source_id": source_id,
                    }
                )


def _whole_guideline(
    guideline: Mapping[str, Any], pmids: Sequence[str], source_id: str
) -> list[Row]:
    """Rows of a guideline that gives a chart or an algorithm rather than recommendations."""
    return [
        {
            "guidance_id": guideline["id"],
            "drug": chemical["name"].lower(),
            "drug_id": chemical["id"],
            "source": guideline["source"],
            "guideline_id": guideline["id"],
            "guideline_version": str(guideline["version"]),
            "link": guideline["url"],
            "genes": sorted(gene["symbol"] for gene in guideline["relatedGenes"]),
            "population": None,
            "strength": None,
            "action": "see_guideline",
            "dose_change": None,
            "effects": [],
            "dosing_information": False,
            "alternate_drug": False,
            "other_guidance": False,
            "pmids": list(pmids),
            "source_id": source_id,
        }
        for chemical in guideline["relatedChemicals"]
    ]


def sanitised(text: str) -> str:
    """HTML of a guideline with harmless tags only, without attributes and on one line."""
    return re.sub(r"\s+", " ", nh3.clean(text, tags=_TAGS, attributes={})).strip()


def _ambiguous_scores(recommendations: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Gene and score of which the guideline has recommendations that differ in their qualifier."""
    scores: Counter[tuple[str, str]] = Counter()
    for item in recommendations:
        for gene, key in item["lookupKey"].items():
            qualified = _QUALIFIED.fullmatch(key) if isinstance(key, str) else None
            if qualified:
                scores[gene, qualified[1]] += 1
    return {score for score, count in scores.items() if count > 1}


def _keys(
    lookup: Mapping[str, Any], ambiguous: set[tuple[str, str]]
) -> tuple[list[Row], str | None]:
    """The rows of guidance_keys, and the qualifier where the score alone does not decide.

    DPWG has two recommendations for a DPYD score of 1.0: for one allele without function, and for
    two of decreased function (phenotyping). Both keep the key 1.0, so that both are shown, and
    the qualifier stands as their population.
    """
    rows: list[Row] = []
    qualifier = None
    for gene, key in lookup.items():
        if isinstance(key, dict):
            rows += [
                {"gene": gene, "key": allele, "key_kind": "allele", "allele_count": float(count)}
                for allele, count in key.items()
            ]
            continue
        qualified = _QUALIFIED.fullmatch(key)
        if qualified:
            key = qualified[1]
            if (gene, key) in ambiguous:
                qualifier = qualified[2]
        rows.append({"gene": gene, "key": key, "key_kind": "value", "allele_count": None})
    return rows, qualifier
