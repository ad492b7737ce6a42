"""Tiers of evidence for a finding in a tumor.

Tiers as of AMP, ASCO and CAP (Li et al., J Mol Diagn 2017;19:4-23): I strong, II potential, III
unknown clinical significance, IV benign or likely benign. How CIViC's levels stand for the
guideline's is told with each row (`tier_reason`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.oncogenes import finding_match, tumor_types
from apothecary.oncogenes.settings import Settings

ONE, TWO, THREE, FOUR = "I", "II", "III", "IV"
WITHHELD = "withheld"
NOT_ASSESSED = "not_assessed"
CURATED = "a change that CIViC curates"
"""Why a variant is taken to act on its gene when nothing stronger says so; tier II at most."""


_TYPES = frozenset({"Predictive", "Diagnostic", "Prognostic"})
_GERMLINE = frozenset({"Rare Germline", "Common Germline"})
_HERE = frozenset({tumor_types.EXACT, tumor_types.MAIN_TYPE, tumor_types.ANY})
_LOOSE = frozenset({finding_match.GENE})


def of_evidence(
    evidence: Mapping[str, Any],
    tumor_match: str,
    match: str,
    acting: str,
    population_af: float | None,
    contradicted_by: list[str],
    settings: Settings,
) -> tuple[str, str]:
    """The tier of a finding by one evidence item.

    Args:
        evidence: A row of the table `civic_evidence` or `imported_evidence` that the finding meets.
        tumor_match: See `tumor_types.TumorTypes.distance`.
        match: How the finding meets the profile; see `matching`.
        acting: Why the variant is taken to act on its gene; see `finding_match.acts`.
        population_af: Highest population frequency of the variant.
        contradicted_by: Matched items of this tumor type that do not support the same.
        settings: Thresholds.

    Returns:
        The tier, and why, in words.
    """
    if population_af is not None and population_af >= settings.common_frequency:
        return FOUR, common(population_af)
    if why := unfit(evidence, match, acting):
        return THREE, why
    level, disease = evidence["level"], evidence["disease"] or "no disease"
    here = tumor_match in _HERE
    potential = match in _LOOSE and acting == CURATED
    where = {
        tumor_types.EXACT: f"in this tumor type ({disease})",
        tumor_types.MAIN_TYPE: f"in this tumor's main type ({disease})",
        tumor_types.ANY: f"in any tumor of its kind ({disease})",
        tumor_types.TISSUE: f"in a related tumor type ({disease})",
        tumor_types.OTHER: f"in another tumor type ({disease})",
    }[tumor_match]
    said = f"{_level(evidence)} {where}"
    if level == "E":
        return THREE, f"{said}: inferred only"
    if level in ("C", "D"):
        kind = "case studies" if level == "C" else "preclinical"
        return TWO, f"{said}: {kind}"
    if not here:
        return TWO, said
    if potential:
        return TWO, f"{said}, for any mutation of the gene; this is {CURATED}"
    if level == "A":
        return ONE, said
    rating = evidence["rating"]
    if rating is None or rating < settings.consensus_min_rating:
        stars = "no rating" if rating is None else f"rating {rating} of 5"
        return TWO, f"{said}, {stars}: not taken as well-powered consensus"
    if contradicted_by:
        return TWO, f"{said}, but {', '.join(contradicted_by)} does not support it: no consensus"
    return ONE, f"{said}, rating {rating} of 5"


def _level(evidence: Mapping[str, Any]) -> str:
    """The level of an item; that of its source first, where it was imported."""
    given = evidence.get("source_level")
    if given is None:
        return f"CIViC level {evidence['level']}"
    return f"{evidence['source_id']} {given}, taken as level {evidence['level']},"


def unfit(evidence: Mapping[str, Any], match: str, acting: str) -> str:
    """Why an item sets no tier, in words; empty when it may; arguments as of `of_evidence`."""
    if evidence["direction"] == "Does Not Support":
        return "the evidence does not support it: shown, not counted"
    if evidence["direction"] != "Supports":
        return "the evidence gives no direction: shown, not counted"
    if evidence["evidence_type"] not in _TYPES:
        return f"{evidence['evidence_type'].lower()} evidence sets no tier of a therapy"
    if germline(evidence):
        return "the evidence is for a germline variant: sets no tier of a tumor's"
    if match in _LOOSE and not acting:
        return "the evidence is for any mutation of the gene; nothing says that this one acts"
    return ""


def germline(evidence: Mapping[str, Any]) -> bool:
    """Whether an item is for germline variants."""
    return evidence["origin"] in _GERMLINE


def common(population_af: float) -> str:
    """The words for a variant that is common in populations."""
    return f"common in populations (frequency {population_af:.4g})"


def without_evidence(
    population_af: float | None, acting: str, note: str, settings: Settings
) -> tuple[str, str]:
    """The tier of a finding in a cancer gene that no evidence item is for."""
    if population_af is not None and population_af >= settings.common_frequency:
        return FOUR, common(population_af)
    words = "in a cancer gene; no evidence item matches"
    if acting:
        words += f"; {acting}"
    return THREE, words + (f"; {note}" if note else "")
