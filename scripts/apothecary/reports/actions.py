"""What to do: medicines taken first, then others with an action, then therapies of a tumor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.reports.context import Context, SampleTables
from apothecary.reports.recommendations import severity
from apothecary.reports.text import unique
from apothecary.reports.tumor import AGAINST, tier_place

Entry = Mapping[str, Any]


def actions(
    tables: SampleTables,
    medicines: Sequence[Entry],
    genes: Sequence[Entry],
    tumor_findings: Sequence[Entry],
    shared: Context,
) -> dict[str, Any]:
    """The one page that a clinician reads first.

    Args:
        tables: The rows of the sample.
        medicines: The section `recommendations`.
        genes: The section `genes`.
        tumor_findings: The findings of the section `tumor`.
        shared: What every report of the run shares.

    Returns:
        The section `actions` of the report model. Its medicines are named only; their guidance
        stands once, in the section `recommendations`.
    """
    taken = sorted(
        (entry for entry in medicines if entry["taken"]),
        key=lambda entry: (severity(entry["action"]), entry["drug"]),
    )
    other = sorted(
        (entry for entry in medicines if not entry["taken"] and not entry["standard"]),
        key=lambda entry: (severity(entry["action"]), entry["drug"]),
    )
    unmatched = _unmatched(tables, taken)
    therapies = _therapies(tumor_findings)
    headlines = _headlines(tables, shared, taken, other, unmatched, genes, tumor_findings)
    nothing = not (taken or other or therapies)
    quiet = [line["text"] for line in headlines if line["weight"] == "none"]
    quiet = quiet or [line["text"] for line in headlines]
    return {
        "headlines": headlines,
        "note": quiet[-1] if nothing else None,
        "sources": unique(
            item["source"] for entry in (*taken, *other) for item in entry["sources"]
        ),
        "taken": [entry["drug"] for entry in taken],
        "taken_unmatched": unmatched,
        "other": [entry["drug"] for entry in other],
        "therapies": therapies,
    }


def _unmatched(tables: SampleTables, taken: Sequence[Entry]) -> list[str]:
    matched = {entry["drug"].casefold() for entry in taken}
    return sorted(
        {
            row["value"]
            for row in tables.rows("clinical")
            if row["item"] == "medicine" and row["value"].casefold() not in matched
        }
    )


def _therapies(findings: Sequence[Entry]) -> list[dict[str, Any]]:
    """Findings of tier I and II: what speaks for a therapy, and beside it what speaks against."""
    entries = []
    for finding in findings:
        if finding["tier"] not in ("I", "II"):
            continue
        predictive = [e for e in finding["evidence"] if e["therapies"]]
        entries.append(
            {
                "finding_id": finding["finding_id"],
                "alteration": finding["alteration"],
                "tier": finding["tier"],
                "tier_words": finding["tier_words"],
                "tier_reason": finding["tier_reason"],
                "sensitivity": _grouped([e for e in predictive if e["effect"] == "sensitive"]),
                "resistance": _grouped([e for e in predictive if e["effect"] in AGAINST]),
            }
        )
    return entries


def _grouped(evidence: Sequence[Entry]) -> list[dict[str, Any]]:
    """Evidence of tier I and II by therapy, its best level first."""
    groups: dict[str, list[Entry]] = {}
    for entry in evidence:
        if entry["tier"] in ("I", "II"):
            groups.setdefault(entry["therapies_text"], []).append(entry)
    rows = [
        {
            "therapies": therapies,
            "tier": group[0]["tier"],
            "tier_words": group[0]["tier_words"],
            "level": group[0]["level"],
            "effect_words": group[0]["effect_words"],
            "tumor_match_words": group[0]["tumor_match_words"],
            "evidence": [{"evidence_id": e["evidence_id"], "link": e["link"]} for e in group],
            "vetoed_by": sorted({by for e in group for by in e["vetoed_by"]}),
        }
        for therapies, group in groups.items()
    ]
    return sorted(
        rows,
        key=lambda row: (
            bool(row["vetoed_by"]),
            tier_place(str(row["tier"])),
            row["level"] or "Z",
            row["therapies"],
        ),
    )


def _headlines(
    tables: SampleTables,
    shared: Context,
    taken: Sequence[Entry],
    other: Sequence[Entry],
    unmatched: Sequence[str],
    genes: Sequence[Entry],
    tumor_findings: Sequence[Entry],
) -> list[dict[str, str]]:
    """The report in a few sentences, each with its weight: act, note or none."""
    withheld = tables.withheld(shared.run.get("consent_asked", True))
    if tables.sample["role"] == "tumor":
        if "tumor" in withheld:
            return [_line("note", shared.words("headline.tumor_withheld"))]
        return [_tumor_headline(tumor_findings, shared)]
    if "pharmacogenes" in withheld:
        return [_line("note", shared.words("headline.pharmacogenes_withheld"))]
    lines = _medicine_headlines(tables, shared, taken, other, unmatched)
    uncalled = sum(not gene["called"] for gene in genes)
    if uncalled:
        noun = shared.words("noun.gene_has" if uncalled == 1 else "noun.genes_have")
        lines.append(_line("note", shared.words("headline.not_called", count=uncalled, noun=noun)))
    return lines


def _medicine_headlines(
    tables: SampleTables,
    shared: Context,
    taken: Sequence[Entry],
    other: Sequence[Entry],
    unmatched: Sequence[str],
) -> list[dict[str, str]]:
    words, lines = shared.words, []
    urgent = [entry["drug"] for entry in taken if not entry["standard"]]
    if urgent:
        verb = words("noun.needs" if len(urgent) == 1 else "noun.need")
        text = words("headline.taken_action", count=len(urgent), verb=verb, drugs=", ".join(urgent))
        lines.append(_line("act", text))
    elif taken:
        lines.append(_line("none", words("headline.taken_standard")))
    elif not unmatched:
        lines.append(_line("note", words("headline.taken_none")))
    if unmatched:
        text = words("headline.taken_unmatched", count=len(unmatched), drugs=", ".join(unmatched))
        lines.append(_line("note", text))
    if other:
        key = "medicine_has" if len(other) == 1 else "medicines_have"
        noun = words(f"noun.other_{key}" if taken else f"noun.{key}")
        lines.append(_line("act", words("headline.other_action", count=len(other), noun=noun)))
    if not urgent and not other:
        lines.append(_line("none", words("headline.no_action")))
    return lines


def _tumor_headline(findings: Sequence[Entry], shared: Context) -> dict[str, str]:
    words = shared.words
    best = [finding for finding in findings if finding["tier"] in ("I", "II")]
    if best:
        text = words(
            "headline.tumor_action",
            count=len(best),
            noun=words("noun.finding" if len(best) == 1 else "noun.findings"),
            alterations=", ".join(dict.fromkeys(finding["alteration"] for finding in best)),
        )
        return _line("act", text)
    if any(finding["tier"] == "withheld" for finding in findings):
        return _line("note", words("headline.tumor_tiers_withheld"))
    return _line("none", words("headline.tumor_none"))


def _line(weight: str, text: str) -> dict[str, str]:
    return {"weight": weight, "text": text}
