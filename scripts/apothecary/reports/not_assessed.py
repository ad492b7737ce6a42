"""What a report must say was not assessed, so that nobody reads silence as reference."""

from __future__ import annotations

from collections import Counter
from typing import Any

from apothecary.reports import germline_lists
from apothecary.reports.context import Context, Row, SampleTables, in_short
from apothecary.reports.pharmacogenes import position_name
from apothecary.reports.text import unique

ALLELES_IN_TEXT = 6
# The gene whose copy number and hybrids are common and that small variants do not show.
STRUCTURAL_GENE = "CYP2D6"
_GERMLINE_SCOPES = frozenset({"germline", "secondary_findings"})


def not_assessed(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """Genes with missing positions, genes without a call, steps not done, scopes withheld.

    A scope that is withheld is named by scope only; no gene that it governs is named.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `not_assessed` of the report model.
    """
    withheld = tables.withheld(shared.run.get("consent_asked", True))
    return {
        "intro": shared.words("not_assessed.intro"),
        "genes": _genes(tables, shared),
        "not_called": _not_called(tables, shared, withheld),
        "steps": _steps(tables, shared, withheld),
        "withheld": _withheld(tables, shared, withheld),
    }


def _genes(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    names = {row["position_id"]: position_name(row) for row in tables.rows("sites")}
    totals: dict[str, int] = {}
    for row in tables.rows("sites"):
        totals[row["gene"]] = totals.get(row["gene"], 0) + 1
    entries: dict[str, dict[str, Any]] = {}
    for row in tables.rows("diplotypes"):
        missing = row.get("missing_sites") or []
        excluded = row.get("not_excludable") or []
        if row["method"] == "not_called" or not (missing or excluded):
            continue
        entry = entries.setdefault(
            row["gene"],
            {
                "finding": f"not_assessed:{row['gene']}",
                "gene": row["gene"],
                "positions": totals.get(row["gene"]),
                "missing_positions": [],
                "not_excludable": [],
            },
        )
        entry["missing_positions"] = unique(
            (*entry["missing_positions"], *(names.get(site, site) for site in missing))
        )
        entry["not_excludable"] = unique((*entry["not_excludable"], *excluded))
    for entry in entries.values():
        entry["missing"] = len(entry["missing_positions"])
        entry["summary"] = _summary(entry, shared)
    return [entries[gene] for gene in sorted(entries)]


def _summary(entry: dict[str, Any], shared: Context) -> str:
    """How much of a gene is missing, and the first of the alleles that may hide there."""
    words, alleles = shared.words, entry["not_excludable"]
    key = "genes.missing_some" if entry["positions"] is None else "genes.missing"
    missing = words(key, missing=entry["missing"], positions=entry["positions"])
    if not alleles:
        return missing
    shown = ", ".join(alleles[:ALLELES_IN_TEXT])
    more = len(alleles) - ALLELES_IN_TEXT
    if more > 0:
        shown += f", {words('genes.more', count=more)}"
    return words("genes.not_excludable", missing=missing, alleles=shown)


def _not_called(
    tables: SampleTables, shared: Context, withheld: tuple[str, ...]
) -> list[dict[str, Any]]:
    if "pharmacogenes" in withheld or tables.sample["role"] == "tumor":
        return []
    reasons: dict[str, list[str]] = {}
    seen: set[str] = set()
    for row in (*tables.rows("diplotypes"), *tables.rows("phenotypes")):
        seen.add(row["gene"])
        if row["method"] == "not_called":
            reasons.setdefault(row["gene"], []).append(row.get("reason") or "")
    called = {
        row["gene"]
        for row in (*tables.rows("diplotypes"), *tables.rows("phenotypes"))
        if row["method"] != "not_called"
    }
    governed = shared.germline_genes if _GERMLINE_SCOPES & set(withheld) else frozenset()
    for gene, facts in shared.genes.items():
        if facts["kind"] == "outside_only" and gene not in seen and gene not in governed:
            reasons[gene] = [shared.words("not_assessed.outside_only")]
    return [
        {
            "finding": f"not_called:{gene}",
            "gene": gene,
            "reason": " ".join(in_short(text, shared) for text in unique(reasons[gene]))
            or shared.words("not_assessed.no_reason"),
        }
        for gene in sorted(reasons)
        if gene not in called
    ]


def _steps(
    tables: SampleTables, shared: Context, withheld: tuple[str, ...]
) -> list[dict[str, Any]]:
    words, role = shared.words, tables.sample["role"]
    steps = []
    if not shared.run.get("reference", False):
        steps.append(("reference", words("not_assessed.reference")))
    if role == "tumor":
        steps += _tumor_steps(tables, shared, withheld)
    else:
        if "pharmacogenes" not in withheld:
            steps.append(("other_variants", words("not_assessed.other_variants")))
            if STRUCTURAL_GENE in shared.genes:
                text = words("not_assessed.cyp2d6_structure", gene=STRUCTURAL_GENE)
                steps.append(("structure", text))
        steps.append(("tumor", words("not_assessed.tumor_not_applicable")))
        looked_at = germline_lists.agreed(tables, shared)
        key = "germline_small" if looked_at else "germline_not_done"
        topic = "germline_small" if looked_at else "germline"
        steps.append((topic, words(f"not_assessed.{key}")))
    if not shared.run.get("consent_asked", True):
        steps.append(("consent", words("not_assessed.consent_not_asked")))
    return [{"step": step, "reason": reason} for step, reason in steps]


def _tumor_steps(
    tables: SampleTables, shared: Context, withheld: tuple[str, ...]
) -> list[tuple[str, str]]:
    words, steps = shared.words, []
    steps.append(("pharmacogenes", words("not_assessed.pharmacogenes_not_applicable")))
    if "tumor" in withheld:
        return steps
    for why, count in _unnamed(tables, words("not_assessed.consequences_why")).items():
        noun = words("noun.variant" if count == 1 else "noun.variants")
        text = words("not_assessed.consequences", count=count, noun=noun, why=why)
        steps.append(("consequences", text))
    if not tables.sample.get("copy_number"):
        steps.append(("copy_number", words("not_assessed.copy_number_not_given")))
    if not tables.sample.get("fusions"):
        steps.append(("fusions", words("not_assessed.fusions_not_given")))
    return steps


def _unnamed(tables: SampleTables, unsaid: str) -> dict[str, int]:
    """How many kept variants have a consequence without a name on any transcript, by reason."""
    named: set[tuple[Any, ...]] = set()
    reasons: dict[tuple[Any, ...], str] = {}
    for row in tables.rows("consequences"):
        if row["method"] == "not_named":
            reasons[locus(row)] = row.get("reason") or unsaid
        else:
            named.add(locus(row))
    kept = {locus(row) for row in tables.rows("variants") if row["fate"] == "kept"}
    counts = Counter(why for place, why in reasons.items() if place in kept - named)
    return dict(sorted(counts.items()))


def locus(row: Row) -> tuple[Any, ...]:
    """What variants and consequences are joined by."""
    return (row["build"], row["chrom"], row["pos"], row["ref"], row["alt"])


def _withheld(
    tables: SampleTables, shared: Context, withheld: tuple[str, ...]
) -> list[dict[str, Any]]:
    decisions = {
        row["scope"]: row["decision"]
        for row in tables.rows("consent")
        if row["subject_id"] == tables.sample["subject_id"]
    }
    entries = []
    for scope in withheld:
        decision = "no" if decisions.get(scope) == "no" else "unknown"
        entries.append(
            {
                "scope": scope,
                "scope_words": shared.words.term("scope", scope),
                "decision": decision,
                "reason": shared.words.term("decision", decision),
            }
        )
    return entries
