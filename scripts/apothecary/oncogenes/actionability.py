"""Evidence for what was found in each tumor, with its tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.oncogenes import cases as case_files
from apothecary.oncogenes import (
    escat,
    finding_match,
    findings,
    matching,
    profiles,
    tiers,
    tumor_types,
)
from apothecary.oncogenes.cases import Case
from apothecary.oncogenes.defining_fusions import is_by_diagnosis
from apothecary.oncogenes.evidence import Evidence
from apothecary.oncogenes.findings import Finding
from apothecary.oncogenes.hits import EFFECTS, Hit, contradictions, number, sensitizes, vetoes
from apothecary.oncogenes.profiles import Component
from apothecary.oncogenes.settings import Settings
from apothecary.schemas import ACTIONABILITY

_EMPTY: Mapping[str, Any] = {column.name: None for column in ACTIONABILITY.columns}
_SIMILAR = frozenset({profiles.PROTEIN, profiles.CODON})
_HERE = frozenset({tumor_types.EXACT, tumor_types.MAIN_TYPE, tumor_types.ANY})
_UNMATCHED_STATES = frozenset({"amplification", "homozygous_deletion"})


def match(
    cases: Iterable[Case], evidence: Evidence, settings: Settings, rules: Sequence[escat.Rule]
) -> list[dict[str, Any]]:
    """Match the findings of tumors with the evidence of the pack.

    A finding is a kept variant that alters the protein, splicing or promoter of a cancer gene, or
    lies in one and is not named; an amplification or homozygous deletion of a cancer gene; any
    fusion; and whatever else meets a profile. A variant that failed a filter is no finding, but
    is shown, its tier withheld, when it would be of tier I or II.

    Args:
        cases: The tumors; see `cases.of_batch`.
        evidence: The evidence of the knowledge pack.
        settings: Thresholds.
        rules: Of the computed ESCAT tiers; see `escat.read`.

    Returns:
        Rows of the table `actionability`, sorted by its key.
    """
    rows: list[dict[str, Any]] = []
    for case in cases:
        of_tumor = _of_tumor(case, evidence, settings, rules)
        refused = case.refused
        rows += [_withheld(row, refused) for row in of_tumor] if refused else of_tumor
    return sorted(rows, key=lambda r: (r["sample_id"], r["finding_id"], r["evidence_id"]))


def _withheld(row: dict[str, Any], reasons: Sequence[str]) -> dict[str, Any]:
    reason = "; ".join(reasons)
    return {
        **row,
        "tier": tiers.WITHHELD,
        "tier_reason": reason,
        "escat": None,
        "escat_reason": f"withheld: {reason}",
    }


def _of_tumor(
    case: Case, evidence: Evidence, settings: Settings, rules: Sequence[escat.Rule]
) -> list[dict[str, Any]]:
    rows = _matched(case, case.kept, evidence, settings, rules)
    have = {row["finding_id"] for row in rows}
    rows += [
        _unmatched(case, finding, evidence, settings, rules)
        for finding in case.kept
        if finding.finding_id not in have
        and not is_by_diagnosis(finding.finding_id)
        and _is_finding(finding, evidence)
    ]
    rows = escat.without_any(rows, rules)
    if case.failed:
        words = {finding.finding_id: finding.failed for finding in case.failed}
        found = [*case.kept, *case.failed]
        rows += [
            _withheld(row, [f"present but failed: {words[row['finding_id']]}"])
            for row in _matched(case, found, evidence, settings, rules)
            if row["finding_id"] in words and row["tier"] in (tiers.ONE, tiers.TWO)
        ]
    return rows


def _matched(
    case: Case,
    found: Sequence[Finding],
    evidence: Evidence,
    settings: Settings,
    rules: Sequence[escat.Rule],
) -> list[dict[str, Any]]:
    tumor = case_files.tumor(found, case, evidence, settings)
    by_id = {finding.finding_id: finding for finding in found}
    names = {name for gene in tumor.by_gene for name in evidence.by_gene.get(gene, ())}
    hits: list[Hit] = []
    names |= set(evidence.of_markers if tumor.markers else ())
    for name in sorted(names | evidence.wildtypes):
        answer = matching.evaluate(evidence.profiles[name], tumor)
        if answer.value != matching.YES:
            continue
        given = sorted(key for key in answer.matches if is_by_diagnosis(key))
        beside = "; ".join(by_id[key].alteration for key in given)
        for item in evidence.items[name]:
            near = evidence.distance(case.sample["tumor_type"], item)
            for finding_id, how in answer.matches.items():
                if finding_id not in given:
                    finding = by_id.setdefault(finding_id, findings.wildtype(finding_id))
                    hits.append(Hit(finding, item, how, near, beside))
    acting = {
        finding.finding_id: finding_match.acts(finding, tumor)
        or _named_by_evidence(finding, hits)
        or (tiers.CURATED if finding.curated else "")
        for finding in dict.fromkeys(hit.finding for hit in hits)
    }
    return [_row(case.sample, hit, hits, acting, evidence, settings, rules) for hit in hits]


def _named_by_evidence(finding: Finding, hits: Sequence[Hit]) -> str:
    """Whether evidence that supports is for this very change or codon."""
    for hit in hits:
        precise = hit.match in (finding_match.EXACT, finding_match.CODON)
        if hit.finding is finding and precise and hit.item["direction"] == "Supports":
            return f"named by {hit.item['evidence_id']}"
    return ""


def _effect(item: Mapping[str, Any]) -> str:
    significance = item["significance"] or "not given"
    words = EFFECTS.get(significance, significance.lower().replace(" ", "_").replace("/", "_"))
    return f"not_{words}" if item["direction"] == "Does Not Support" else words


def _row(
    sample: Mapping[str, Any],
    hit: Hit,
    hits: Sequence[Hit],
    acting: Mapping[str, str],
    evidence: Evidence,
    settings: Settings,
    rules: Sequence[escat.Rule],
) -> dict[str, Any]:
    item, finding = hit.item, hit.finding
    tier, reason = tiers.of_evidence(
        item,
        hit.tumor_match,
        hit.match,
        acting[finding.finding_id],
        finding.population_af,
        contradictions(hit, hits),
        settings,
    )
    if hit.beside:
        reason += f"; with {hit.beside}"
    vetoed_by = [eid for eid in vetoes(item, hits) if eid != item["evidence_id"]]
    if vetoed_by:
        reason += f"; vetoed by resistance to the same treatment ({', '.join(vetoed_by)})"
    grade, why = _escat(hit, tier, acting[finding.finding_id], vetoed_by, rules)
    return {
        **_base(sample, finding),
        "evidence_id": item["evidence_id"],
        "molecular_profile": item["molecular_profile"],
        "match": hit.match,
        "therapies": list(item["therapies"] or ()),
        "therapy_interaction": (item["therapy_interaction"] or "").lower() or None,
        "evidence_type": item["evidence_type"].lower(),
        "effect": _effect(item),
        "level": item["level"],
        "source_level": item.get("source_level"),
        "rating": item["rating"],
        "disease": item["disease"],
        "tumor_match": hit.tumor_match,
        "tier": tier,
        "tier_reason": reason,
        "escat": grade,
        "escat_reason": why,
        "vetoed_by": vetoed_by,
        "citation": item["citation"],
        "link": item["link"],
        "source_id": item["source_id"],
        "licence": evidence.licences.get(item["source_id"]),
    }


def _escat(
    hit: Hit, tier: str, acting: str, vetoed_by: Sequence[str], rules: Sequence[escat.Rule]
) -> tuple[str | None, str | None]:
    """The computed ESCAT tier of evidence of sensitivity; none for other evidence."""
    item = hit.item
    if item["evidence_type"] != "Predictive" or not sensitizes(item):
        return None, None
    if tier == tiers.FOUR or tiers.unfit(item, hit.match, acting):
        return None, None
    if vetoed_by:
        return None, f"withheld: vetoed by resistance ({', '.join(vetoed_by)})"
    return escat.of(escat.EVIDENCE, item["level"], hit.tumor_match, rules)


def _base(sample: Mapping[str, Any], finding: Finding) -> dict[str, Any]:
    return {
        **_EMPTY,
        "sample_id": sample["sample_id"],
        "finding_id": finding.finding_id,
        "gene": "::".join(finding.partners) if finding.partners else finding.genes[0],
        "alteration": finding.alteration,
        **finding.fields,
    }


def _is_finding(finding: Finding, evidence: Evidence) -> bool:
    """Whether a finding is shown although no evidence is for it."""
    if finding.kind in (findings.FUSION, findings.MARKER):
        return True
    if not evidence.genes.intersection(finding.genes):
        return False
    if finding.kind == findings.COPY_NUMBER:
        return finding.state in _UNMATCHED_STATES
    if not finding.names:
        return True
    return finding.altering or any(
        name.upstream_bases is not None or (name.change is None and name.known_name)
        for name in finding.names
    )


def _unmatched(
    case: Case,
    finding: Finding,
    evidence: Evidence,
    settings: Settings,
    rules: Sequence[escat.Rule],
) -> dict[str, Any]:
    tumor = case_files.tumor([finding], None, evidence, settings)
    note = ""
    if finding.kind == findings.VARIANT and not finding.names:
        note = "its effect on the protein is not named"
    elif finding_match.reversed_partners(finding, evidence.fusions):
        note = (
            "evidence is for the partners in the opposite order: check which gene is the 5' partner"
        )
    acting = finding_match.acts(finding, tumor)
    tier, reason = tiers.without_evidence(finding.population_af, acting, note, settings)
    if finding.kind == findings.MARKER:
        reason = "a marker of the tumor; no evidence item matches"
    if finding.kind == findings.FUSION and not evidence.genes.intersection(finding.genes):
        reason = reason.replace("in a cancer gene; ", "")
    grade, why = None, None
    if acting and tier != tiers.FOUR:
        grade, why = _similar(case.sample["tumor_type"], finding, evidence, rules)
    return {
        **_base(case.sample, finding),
        "evidence_id": "",
        "match": finding_match.NONE,
        "therapies": [],
        "tier": tier,
        "tier_reason": reason,
        "escat": grade,
        "escat_reason": why,
        "vetoed_by": [],
    }


def _similar(
    tumor_type: str | None, finding: Finding, evidence: Evidence, rules: Sequence[escat.Rule]
) -> tuple[str | None, str | None]:
    """The computed ESCAT tier by strong evidence for another small variant of the gene."""
    found: dict[str, tuple[str, str]] = {}
    for gene in finding.genes:
        for name in evidence.by_gene.get(gene, ()):
            profile = evidence.profiles[name]
            if not isinstance(profile, Component) or profile.kind not in _SIMILAR:
                continue
            for item in evidence.items[name]:
                near = evidence.distance(tumor_type, item)
                if _sensitizes_tumors(item) and near in _HERE:
                    grade, why = escat.of(escat.SIMILAR, item["level"], near, rules)
                    if grade and why:
                        found[item["evidence_id"]] = (grade, why)
    if not found:
        return None, None
    grade = escat.best(grade for grade, _ in found.values())
    named = {eid: why for eid, (tier, why) in found.items() if tier == grade}
    first = min(named, key=number)
    return grade, f"{named[first]} ({', '.join(sorted(named, key=number))})"


def _sensitizes_tumors(item: Mapping[str, Any]) -> bool:
    return sensitizes(item) and item["evidence_type"] == "Predictive" and not tiers.germline(item)
