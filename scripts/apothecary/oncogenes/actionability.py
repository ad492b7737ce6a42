"""Evidence for what was found in each tumor, with its tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import findings, matching, tiers, tumor_flags, tumor_types
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.evidence import Evidence, index
from apothecary.oncogenes.findings import Finding
from apothecary.oncogenes.matching import Tumor
from apothecary.oncogenes.settings import Settings
from apothecary.schemas import ACTIONABILITY

EFFECTS: Mapping[str, str] = {
    "Sensitivity/Response": "sensitive",
    "Resistance": "resistant",
    "Reduced Sensitivity": "reduced_sensitivity",
    "Adverse Response": "adverse_response",
}
_EMPTY: Mapping[str, Any] = {column.name: None for column in ACTIONABILITY.columns}
_LEVELS = "ABCDE"
_VETOING = frozenset({tumor_types.EXACT, tumor_types.MAIN_TYPE, tumor_types.ANY})
_UNMATCHED_STATES = frozenset({"amplification", "homozygous_deletion"})


def match(
    variants_rows: Iterable[Mapping[str, Any]],
    consequences_rows: Iterable[Mapping[str, Any]],
    copy_number_rows: Iterable[Mapping[str, Any]],
    fusion_rows: Iterable[Mapping[str, Any]],
    samples_rows: Iterable[Mapping[str, Any]],
    pack: Knowledge,
    settings: Settings | Mapping[str, Any],
    chain: str = "",
) -> list[dict[str, Any]]:
    """Match the findings of all tumors of a batch with the evidence of the pack.

    A finding is a kept variant that alters the protein, splicing or promoter of a cancer gene, or
    lies in one and is not named; an amplification or homozygous deletion of a cancer gene; any
    fusion; and whatever else meets a profile. A variant that failed a filter is no finding, but
    is shown, its tier withheld, when it would be of tier I or II.

    Args:
        variants_rows: Rows of the table `variants`.
        consequences_rows: Rows of the table `consequences`.
        copy_number_rows: Rows of the table `copy_number`.
        fusion_rows: Rows of the table `fusions`.
        samples_rows: Rows of the table `samples`; those with the role tumor are matched.
        pack: The knowledge pack.
        settings: Thresholds, or the part `oncogenes` of the configuration.
        chain: Chain file from GRCh37 to GRCh38, by which variants of GRCh37 are known.

    Returns:
        Rows of the table `actionability`, sorted by its key.
    """
    thresholds = settings if isinstance(settings, Settings) else Settings.of(settings)
    evidence = index(pack, chain)
    consequences = findings.by_locus(consequences_rows)
    variants = _by_sample(variants_rows)
    copies, fused = _by_sample(copy_number_rows), _by_sample(fusion_rows)
    rows: list[dict[str, Any]] = []
    for sample in samples_rows:
        if sample["role"] != "tumor":
            continue
        sample_id = sample["sample_id"]
        of_sample = variants.get(sample_id, [])
        found = _findings(
            of_sample,
            consequences,
            copies.get(sample_id, []),
            fused.get(sample_id, []),
            evidence,
        )
        flags = tumor_flags.assess(sample, of_sample, consequences, thresholds)
        failed = [flag["reason"] for flag in flags if flag["status"] == "fail"]
        of_tumor = _of_tumor(sample, found, evidence, thresholds)
        rows += [_withheld(row, failed) for row in of_tumor] if failed else of_tumor
    return sorted(rows, key=lambda r: (r["sample_id"], r["finding_id"], r["evidence_id"]))


def _withheld(row: dict[str, Any], reasons: Sequence[str]) -> dict[str, Any]:
    return {**row, "tier": tiers.WITHHELD, "tier_reason": "; ".join(reasons)}


def _by_sample(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["sample_id"], []).append(row)
    return found


def _findings(
    variants: Iterable[Mapping[str, Any]],
    consequences: findings.Consequences,
    copy_number: Iterable[Mapping[str, Any]],
    fusions: Iterable[Mapping[str, Any]],
    evidence: Evidence,
) -> list[Finding]:
    found: dict[str, Finding] = {}
    for variant in variants:
        if variant["fate"] in ("kept", "filtered") and variant["allele_index"] > 0:
            finding = findings.of_variant(
                variant, consequences, evidence.known, evidence.regions, evidence.exons
            )
            before = found.get(finding.finding_id)
            if finding.genes and (before is None or before.failed):
                found[finding.finding_id] = finding
    for row in copy_number:
        finding = findings.of_copy_number(row)
        found[finding.finding_id] = finding
    for row in fusions:
        finding = findings.of_fusion(row)
        found.setdefault(finding.finding_id, finding)
    return list(found.values())


def _of_tumor(
    sample: Mapping[str, Any],
    found: Sequence[Finding],
    evidence: Evidence,
    settings: Settings,
) -> list[dict[str, Any]]:
    kept = [finding for finding in found if not finding.failed]
    rows = _matched(sample, kept, evidence, settings)
    have = {row["finding_id"] for row in rows}
    rows += [
        _unmatched(sample, finding, evidence, settings)
        for finding in kept
        if finding.finding_id not in have and _is_finding(finding, evidence)
    ]
    failed = [finding for finding in found if finding.failed]
    if failed:
        words = {finding.finding_id: finding.failed for finding in failed}
        rows += [
            _withheld(row, [f"present but failed: {words[row['finding_id']]}"])
            for row in _matched(sample, found, evidence, settings)
            if row["finding_id"] in words and row["tier"] in (tiers.ONE, tiers.TWO)
        ]
    return rows


def _tumor(found: Sequence[Finding], evidence: Evidence, settings: Settings) -> Tumor:
    by_gene: dict[str, list[Finding]] = {}
    for finding in found:
        for gene in finding.genes:
            by_gene.setdefault(gene, []).append(finding)
    return Tumor(by_gene, settings, evidence.recurrent, evidence.ranges, evidence.suppressors)


@dataclass(frozen=True)
class _Hit:
    """A finding that meets the profile of an evidence item."""

    finding: Finding
    item: Mapping[str, Any]
    match: str
    tumor_match: str


def _matched(
    sample: Mapping[str, Any], found: Sequence[Finding], evidence: Evidence, settings: Settings
) -> list[dict[str, Any]]:
    tumor = _tumor(found, evidence, settings)
    by_id = {finding.finding_id: finding for finding in found}
    names = {name for gene in tumor.by_gene for name in evidence.by_gene.get(gene, ())}
    hits: list[_Hit] = []
    for name in sorted(names):
        answer = matching.evaluate(evidence.profiles[name], tumor)
        if answer.value != matching.YES:
            continue
        for item in evidence.items[name]:
            near = evidence.types.distance(sample["tumor_type"], item["doid"], item["disease"])
            hits += [
                _Hit(by_id[finding_id], item, how, near)
                for finding_id, how in answer.matches.items()
            ]
    acting = {
        finding.finding_id: matching.acts(finding, tumor) or _named_by_evidence(finding, hits)
        for finding in dict.fromkeys(hit.finding for hit in hits)
    }
    return [_row(sample, hit, hits, acting, evidence, settings) for hit in hits]


def _named_by_evidence(finding: Finding, hits: Sequence[_Hit]) -> str:
    """Whether evidence that supports is for this very change or codon."""
    for hit in hits:
        precise = hit.match in (matching.EXACT, matching.CODON)
        if hit.finding is finding and precise and hit.item["direction"] == "Supports":
            return f"named by {hit.item['evidence_id']}"
    return ""


def _options(item: Mapping[str, Any]) -> frozenset[frozenset[str]]:
    """The treatments that an item is about: each of several substitutes, or all together."""
    therapies = [therapy.lower() for therapy in item["therapies"] or ()]
    if (item["therapy_interaction"] or "").lower() == "substitutes":
        return frozenset(frozenset({therapy}) for therapy in therapies)
    return frozenset({frozenset(therapies)}) if therapies else frozenset()


def _vetoes(item: Mapping[str, Any], hits: Sequence[_Hit]) -> list[str]:
    """Matched resistance to a treatment of a sensitivity item.

    The resistance is in this tumor type, its main type or any tumor, and is of level A or B, or of
    no lower a level than the item.
    """
    if EFFECTS.get(item["significance"] or "") != "sensitive" or item["direction"] != "Supports":
        return []
    options = _options(item)
    return sorted(
        {
            hit.item["evidence_id"]
            for hit in hits
            if EFFECTS.get(hit.item["significance"] or "") == "resistant"
            and hit.item["direction"] == "Supports"
            and hit.tumor_match in _VETOING
            and options & _options(hit.item)
            and _LEVELS.index(hit.item["level"]) <= max(1, _LEVELS.index(item["level"]))
        },
        key=_number,
    )


def _contradictions(hit: _Hit, hits: Sequence[_Hit]) -> list[str]:
    """Matched items on the same finding that do not support what an item supports."""
    item = hit.item
    return sorted(
        {
            other.item["evidence_id"]
            for other in hits
            if other.finding is hit.finding
            and other.item["direction"] == "Does Not Support"
            and other.item["significance"] == item["significance"]
            and other.item["evidence_type"] == item["evidence_type"]
            and other.tumor_match in _VETOING
            and _options(other.item) == _options(item)
            and other.item["level"] <= item["level"]
            and (other.item["rating"] or 0) >= (item["rating"] or 0)
        },
        key=_number,
    )


def _number(evidence_id: str) -> tuple[int, str]:
    digits = "".join(c for c in evidence_id if c.isdigit())
    return (int(digits or 0), evidence_id)


def _effect(item: Mapping[str, Any]) -> str:
    significance = item["significance"] or "not given"
    words = EFFECTS.get(significance, significance.lower().replace(" ", "_").replace("/", "_"))
    return f"not_{words}" if item["direction"] == "Does Not Support" else words


def _row(
    sample: Mapping[str, Any],
    hit: _Hit,
    hits: Sequence[_Hit],
    acting: Mapping[str, str],
    evidence: Evidence,
    settings: Settings,
) -> dict[str, Any]:
    item, finding = hit.item, hit.finding
    tier, reason = tiers.of_evidence(
        item,
        hit.tumor_match,
        hit.match,
        acting[finding.finding_id],
        finding.population_af,
        _contradictions(hit, hits),
        settings,
    )
    vetoed_by = [eid for eid in _vetoes(item, hits) if eid != item["evidence_id"]]
    if vetoed_by:
        reason += f"; vetoed by resistance to the same treatment ({', '.join(vetoed_by)})"
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
        "rating": item["rating"],
        "disease": item["disease"],
        "tumor_match": hit.tumor_match,
        "tier": tier,
        "tier_reason": reason,
        "vetoed_by": vetoed_by,
        "citation": item["citation"],
        "link": item["link"],
        "source_id": item["source_id"],
        "licence": evidence.licences.get(item["source_id"]),
    }


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
    if finding.kind == findings.FUSION:
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
    sample: Mapping[str, Any], finding: Finding, evidence: Evidence, settings: Settings
) -> dict[str, Any]:
    tumor = _tumor([finding], evidence, settings)
    note = ""
    if finding.kind == findings.VARIANT and not finding.names:
        note = "its effect on the protein is not named"
    elif matching.reversed_partners(finding, evidence.fusions):
        note = (
            "evidence is for the partners in the opposite order: check which gene is the 5' partner"
        )
    tier, reason = tiers.without_evidence(
        finding.population_af, matching.acts(finding, tumor), note, settings
    )
    if finding.kind == findings.FUSION and not evidence.genes.intersection(finding.genes):
        reason = reason.replace("in a cancer gene; ", "")
    return {
        **_base(sample, finding),
        "evidence_id": "",
        "match": matching.NONE,
        "therapies": [],
        "tier": tier,
        "tier_reason": reason,
        "vetoed_by": [],
    }
