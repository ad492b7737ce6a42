"""Rows of the table of germline findings, from the variants of a gene that were judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.germline import genes, inheritance, rules, zygosity
from apothecary.germline.clinvar import Record
from apothecary.germline.inheritance import Hit, Lists, Verdict
from apothecary.germline.rules import Code, Rules
from apothecary.germline.settings import Settings
from apothecary.germline.subjects import Variant

Row = dict[str, Any]
_OF_VARIANT = ("sample_id", "build", "chrom", "pos", "ref", "alt")
_OF_CALL = ("genotype", "phase_set", "depth", "vaf", "fate")
_OF_CONSEQUENCE = ("consequence", "hgvs_c", "hgvs_p", "exon")
_NOT_KNOWLEDGE = frozenset({"input", "user", "gene models"})


@dataclass(frozen=True)
class Judged:
    """A variant of a person in a gene, classified.

    Attributes:
        row: Its row of the table `variants`.
        variant: The variant in the gene.
        codes: The codes that it meets.
        points: Their points together.
        classification: The class by them.
        not_assessed: Codes that could not be asked about.
        clinvar: What ClinVar says.
        hit: What its inheritance asks of it.
        by_clinvar: Whether ClinVar's class decides what is reported.
        sex: F, M or unknown.
        settings: Limits.
    """

    row: Mapping[str, Any]
    variant: Variant
    codes: tuple[Code, ...]
    points: int
    classification: str
    not_assessed: tuple[str, ...]
    clinvar: Record | None
    hit: Hit
    by_clinvar: bool
    sex: str
    settings: Settings


def of_gene(
    together: Sequence[Judged],
    list_rows: Mapping[str, Mapping[str, Any]],
    lists: Lists,
    points: Rules,
) -> list[Row]:
    """The rows of the variants of a person in a gene.

    Args:
        together: The variants.
        list_rows: Rows of the lists agreed to that have the gene, by list.
        lists: What their words stand for.
        points: Points of the codes.

    Raises:
        ResourceError: The words of a list are not known.
    """
    found: dict[tuple[Any, ...], Row] = {}
    counted = [one.hit for one in together if one.hit.counts]
    for one in together:
        hits = inheritance.pair(one.hit, [hit for hit in counted if hit is not one.hit])
        verdict = inheritance.judge(one.hit, hits, list_rows, lists)
        row = _row(one, hits, verdict, list_rows, points)
        # Of an allele that two records kept, the first stands for both.
        found.setdefault(tuple(row[name] for name in _OF_VARIANT), row)
    return list(found.values())


def _row(
    one: Judged,
    hits: inheritance.Pair,
    verdict: Verdict,
    list_rows: Mapping[str, Mapping[str, Any]],
    points: Rules,
) -> Row:
    consequence = one.variant.row or {}
    listed = list_rows[verdict.list_id]
    secondary = list_rows.get(genes.SECONDARY)
    frequency = one.variant.frequency.highest
    disagreement = _disagreement(one)
    doubts = _doubts(one, verdict, disagreement)
    sources = {source for code in one.codes for source in code.sources}
    sources |= {row["source_id"] for row in list_rows.values()}
    return {
        **{name: one.row[name] for name in _OF_VARIANT},
        **{name: one.row.get(name) for name in _OF_CALL},
        **{name: consequence.get(name) for name in _OF_CONSEQUENCE},
        **_of_clinvar(one.clinvar),
        "gene": one.variant.gene,
        "zygosity": one.hit.carried.zygosity,
        "transcript": consequence.get("transcript") or "",
        "population_af": frequency[0] if frequency else None,
        "frequency_source": frequency[1] if frequency else None,
        "class": one.classification,
        "points": one.points,
        "codes": [code.code for code in one.codes],
        "evidence": [code.evidence for code in one.codes],
        "code_points": [f"{points.points[code.code]:+d}" for code in one.codes],
        "code_sources": [", ".join(code.sources) for code in one.codes],
        "not_assessed": list(one.not_assessed),
        "decided_class": one.hit.decided,
        "decided_by": "clinvar" if one.by_clinvar else "points",
        "disagreement": disagreement,
        "condition": listed["condition"],
        "category": listed["category"],
        "inheritance": listed["inheritance"],
        "lists": sorted(list_rows),
        "list_version": secondary["list_version"] if secondary else None,
        "list_source": secondary["source_id"] if secondary else None,
        "secondary": verdict.list_id == genes.SECONDARY,
        "hits": hits.alleles,
        "phase": hits.phase,
        "partners": sorted(hits.partners),
        "reportable": verdict.reported_as == inheritance.FINDING,
        "reported_as": verdict.reported_as,
        "reason": _reason(one, verdict),
        "needs_confirmation": bool(doubts),
        "doubts": doubts,
        "source_ids": sorted(sources - _NOT_KNOWLEDGE),
    }


def _of_clinvar(record: Record | None) -> Row:
    if record is None:
        return {"clinvar_conditions": None}
    return {
        "clinvar_significance": record.significance,
        "clinvar_review": record.review or None,
        "clinvar_stars": record.stars,
        "clinvar_conditions": list(record.conditions),
        "clinvar_id": record.variant_id or None,
        "clinvar_source": record.source,
    }


def _reason(one: Judged, verdict: Verdict) -> str:
    if not one.by_clinvar or one.clinvar is None:
        return verdict.reason
    told = f"ClinVar's class decides ({one.clinvar.stars} stars)"
    return f"{verdict.reason}; {told}, by points it is {one.classification}"


def _disagreement(one: Judged) -> str | None:
    """How ClinVar differs from the points, where either says pathogenic or the sides differ."""
    record = one.clinvar
    if record is None or _side(record.classification) == _side(one.classification):
        return None
    return (
        f"by points {one.classification} ({one.points}); ClinVar: {record.significance}, "
        f"{record.review or 'no review status'}"
    )


def _side(classification: str | None) -> str:
    if classification in rules.REPORTED:
        return "pathogenic"
    if classification in (rules.BENIGN, rules.LIKELY_BENIGN):
        return "benign"
    return "uncertain"


def _doubts(one: Judged, verdict: Verdict, disagreement: str | None) -> list[str]:
    found = list(verdict.doubts)
    vaf, limits = one.row.get("vaf"), one.settings
    heterozygous = one.hit.carried.zygosity == zygosity.HETEROZYGOUS
    if heterozygous and vaf is not None:
        low, high = limits.heterozygous_low, limits.heterozygous_high
        if not low <= vaf <= high:
            found.append(
                f"heterozygous with {vaf:.2f} of the reads, outside of {low:g} to {high:g}: a "
                "mosaic, clonal hematopoiesis or an artefact"
            )
    if heterozygous and one.sex == "M" and one.row["chrom"] == "chrX":
        found.append("heterozygous on the X chromosome of a man")
    if one.hit.carried.zygosity == zygosity.UNKNOWN:
        found.append("the genotype does not tell how many alleles there are")
    if disagreement and (one.by_clinvar or one.hit.decided in rules.REPORTED):
        found.append(disagreement)
    if one.variant.row and one.variant.row.get("conflict"):
        found.append(str(one.variant.row["conflict"]))
    return found
