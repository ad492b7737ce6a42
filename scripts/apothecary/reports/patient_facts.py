"""What a page for the patient is made of: keys and names, without a word of any language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.consent import granted_scopes
from apothecary.germline import inheritance
from apothecary.reports.context import Context, Row, SampleTables, calling
from apothecary.reports.germline import of_kind
from apothecary.reports.pharmacogenes import INDETERMINATE
from apothecary.reports.recommendations import SEVERITY
from apothecary.reports.text import unique

Entry = Mapping[str, Any]
OF = 100
"""Probabilities are told as so many of this number of persons."""
_LOOK_UP = "see_guideline"
_NO_ADVICE = frozenset({_LOOK_UP, "no_recommendation"})
_STRENGTHS = ("Strong", "Moderate", "Optional")
_QUALITY_STEPS = frozenset({"gate_samples", "measure_alignments", "assess_identity"})
_ACTIONABLE_TIERS = frozenset({"I", "II"})
_INHERITED = "likely_germline"
_NO_CHANGES = frozenset({"wildtype", "biomarker"})
_COPIES: Mapping[str, str] = {
    "amplification": "more_copies",
    "gain": "more_copies",
    "homozygous_deletion": "fewer_copies",
    "loss": "fewer_copies",
}
# A gene and a change of its protein, such as BRAF V600E.
_SYMBOLS = re.compile(r"\S+ [A-Z*]\d+\S*")


def patient(tables: SampleTables, sections: Mapping[str, Any], shared: Context) -> dict[str, Any]:
    """The part of a report that its patient reads.

    Nothing is in it that the other sections do not hold, but for the scopes of consent and the
    reasons why a gene was not assessed, which are told by kind. What was withheld is told nowhere.

    Args:
        tables: The rows of the sample.
        sections: The report model, so far as it was made: `failure`, `actions`, `genes`,
            `germline`, `germline_uncertain`, `interactions`, `not_assessed`, `recommendations`,
            `research_genes`, `tumor` and `tumor_analyses`.
        shared: What every report of the run shares.

    Returns:
        The section `patient` of the report model. `kind` is failed, not_agreed, tumor, germline
        (where the person agreed to that and not to pharmacogenes) or medicines; of the first two
        all lists are empty.
    """
    asked = shared.run.get("consent_asked", True)
    kind = _kind(tables, sections, asked)
    told = {
        "kind": kind,
        "failure": _failure(sections["failure"]),
        "consent_asked": asked,
        "agreed": _agreed(tables) if asked else [],
        "medicines": [],
        "other": [],
        "look_up": [],
        "no_advice": [],
        "unknown": [],
        "genes": [],
        "not_tested": [],
        "read_in_part": [],
        "research": False,
        "germline": _germline(sections),
        "tumor": [],
    }
    if kind == "tumor":
        return {**told, "tumor": _tumor(tables, sections)}
    if kind != "medicines":
        return told
    todo = sections["actions"]
    by_drug = {entry["drug"]: entry for entry in sections["recommendations"]}
    return {
        **told,
        "medicines": [_medicine(by_drug[drug], sections) for drug in todo["taken"]],
        "other": [_medicine(by_drug[drug], sections) for drug in todo["other"]],
        "look_up": list(todo["see_guideline"]),
        "no_advice": list(todo["taken_unmatched"]),
        "unknown": list(todo["taken_unknown"]),
        "genes": [_gene(gene, shared) for gene in sections["genes"] if gene["called"]],
        "not_tested": _not_tested(tables, sections, shared),
        "read_in_part": [entry["gene"] for entry in sections["not_assessed"]["genes"]],
        "research": bool(sections["research_genes"]),
    }


def _kind(tables: SampleTables, sections: Mapping[str, Any], asked: bool) -> str:
    if sections["failure"]:
        return "failed"
    scope = "tumor" if tables.sample["role"] == "tumor" else "pharmacogenes"
    if scope in tables.withheld(asked):
        return "germline" if sections["germline"]["lists"] else "not_agreed"
    return "tumor" if scope == "tumor" else "medicines"


def _germline(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Hereditary findings by gene; the condition is left to the talk with a doctor."""
    section = sections["germline"]
    genes = {
        kind: unique(entry["gene"] for entry in of_kind(section, kind))
        for kind in (inheritance.FINDING, inheritance.CARRIER)
    }
    found = genes[inheritance.FINDING]
    return {
        "looked_at": bool(section["lists"]),
        "found": found,
        "carrier": [gene for gene in genes[inheritance.CARRIER] if gene not in found],
        "uncertain": bool(sections["germline_uncertain"]),
    }


def _failure(failure: Sequence[Entry]) -> str | None:
    """Why a sample failed, by kind: its quality, or its data that could not be read."""
    if not failure:
        return None
    return "quality" if {entry["step"] for entry in failure} & _QUALITY_STEPS else "data"


def _agreed(tables: SampleTables) -> list[dict[str, Any]]:
    """What the person agreed to for this kind of sample, with the day where the sheet has it."""
    consent = tables.rows("consent")
    subject = tables.sample["subject_id"]
    days = {row["scope"]: row.get("date") for row in consent if row["subject_id"] == subject}
    return [
        {"scope": scope, "date": days[scope] or None}
        for scope in granted_scopes(tables.sample, consent)
    ]


def _medicine(entry: Entry, sections: Mapping[str, Any]) -> dict[str, Any]:
    rows = [row for source in entry["sources"] for row in source["rows"]]
    deciding = [row["strength"] for row in rows if row["action"] == entry["action"]]
    return {
        "drug": entry["drug"],
        "action": entry["action"] if entry["action"] in SEVERITY else _LOOK_UP,
        "strength": None
        if entry["action"] in _NO_ADVICE
        else next((s for s in _STRENGTHS if s in deciding), None),
        "genes": list(entry["genes"]),
        "sources_differ": bool(entry["conflicts"]),
        "changed_by": unique(
            conflict["by"]
            for conflict in sections["interactions"]
            if conflict["drug"] == entry["drug"]
        ),
    }


def _gene(gene: Entry, shared: Context) -> dict[str, Any]:
    """A gene with the phenotypes that it may have; shares of 100 where it is not sure which.

    Diplotypes are those of short names (star alleles).
    """
    posteriors: dict[str, float | None] = {}
    for entry in gene["phenotypes"]:
        if entry["phenotype"]:
            posteriors.setdefault(entry["phenotype"], entry["posterior"])
    together = shared.genes.get(gene["gene"], {}).get("kind") == "outside_only"
    sure = together or _sure(gene, list(posteriors.values()), shared)
    return {
        "gene": gene["gene"],
        "sure": sure,
        "together": together,
        "diplotypes": [
            name
            for name in unique(entry["diplotype"] for entry in gene["diplotypes"])
            if name.startswith("*")
        ],
        "results": [
            {
                "phenotype": phenotype,
                "of_100": None if sure or share is None else round(share * OF),
            }
            for phenotype, share in posteriors.items()
        ],
        "changed_by": unique(
            name for entry in gene["phenotypes"] for name in entry["converted_by"]
        ),
    }


def _sure(gene: Entry, shares: Sequence[float | None], shared: Context) -> bool:
    """Whether the phenotype is one, although the diplotype may be open."""
    if len(shares) > 1:
        return False
    if gene["decision"] != INDETERMINATE:
        return True
    least = calling(shared).get("call_threshold", 1)
    return any(share is not None and share >= least for share in shares)


def _not_tested(
    tables: SampleTables, sections: Mapping[str, Any], shared: Context
) -> list[dict[str, str]]:
    """Genes without a call, with the kind of the reason.

    `other_test` is a gene that these data cannot show, `no_data` one of which no position was
    read, `unclear` one that was read without a call.
    """
    states: dict[str, set[str]] = {}
    for row in tables.rows("sites"):
        states.setdefault(row["gene"], set()).add(row["state"])
    return [
        {"gene": entry["gene"], "why": _why(entry["gene"], states, shared)}
        for entry in sections["not_assessed"]["not_called"]
    ]


def _why(gene: str, states: Mapping[str, set[str]], shared: Context) -> str:
    facts: Row = shared.genes.get(gene, {})
    if facts.get("kind") == "outside_only" or gene in shared.unseen:
        return "other_test"
    return "no_data" if states.get(gene, set()) <= {"not_assessed"} else "unclear"


def _tumor(tables: SampleTables, sections: Mapping[str, Any]) -> list[dict[str, str]]:
    """Changes of tier I and II; none that was likely inherited, unless that was agreed to."""
    hidden: set[tuple[Any, ...]] = set()
    if not _germline_agreed(tables):
        hidden = {
            (row["chrom"], row["pos"], row["ref"], row["alt"])
            for row in tables.rows("variant_origins")
            if row["status"] == _INHERITED
        }
    places = {f"{chrom}:{pos}:{ref}:{alt}" for chrom, pos, ref, alt in hidden}
    changes = (
        _change(finding)
        for finding in sections["tumor"]["findings"]
        if finding["tier"] in _ACTIONABLE_TIERS
        and f"{finding['position']}:{finding['ref']}:{finding['alt']}" not in places
    )
    return list({tuple(found.items()): found for found in changes if found}.values())


def _change(finding: Entry) -> dict[str, str] | None:
    """A change by name and kind; None for a gene that has none and for a measure of the tumor.

    A name that no symbol stands for, such as that of a class of changes, is left to its gene.
    """
    what, *rest = finding["finding_id"].split(":")
    if what in _NO_CHANGES:
        return None
    if what == "copy_number":
        return {"name": finding["gene"], "kind": _COPIES.get(rest[-1], "change")}
    if what == "fusion":
        return {"name": finding["gene"], "kind": "joined"}
    named = finding["position"] and _SYMBOLS.fullmatch(finding["alteration"])
    return {"name": finding["alteration"] if named else finding["gene"], "kind": "change"}


def _germline_agreed(tables: SampleTables) -> bool:
    return any(
        row["scope"] == "germline" and row["decision"] == "yes"
        for row in tables.rows("consent")
        if row["subject_id"] == tables.sample["subject_id"]
    )
