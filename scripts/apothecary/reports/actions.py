"""What to do: medicines taken first, then others with an action, then therapies of a tumor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.reports import germline
from apothecary.reports.context import Context, SampleTables
from apothecary.reports.pharmacogenes import INDETERMINATE
from apothecary.reports.recommendations import severity
from apothecary.reports.text import unique
from apothecary.reports.tumor import AGAINST, tier_place

Entry = Mapping[str, Any]
# The first page names the strongest; the rest stands with the evidence.
THERAPIES_SHOWN = 6
# What asks for an action stands first.
_WEIGHTS = ("act", "none", "note")
EVIDENCE_SHOWN = 4


@dataclass(frozen=True)
class _Medicines:
    """The medicines of a report by what is to be done.

    Attributes:
        taken: Those that the person takes, the most urgent first.
        other: Others with an action, the most urgent first.
        to_read: Others whose guideline is to be read.
        unmatched: Medicines taken that no guidance matched, by name.
        unknown: Medicines taken that the dictionary does not have, as given.
    """

    taken: Sequence[Entry]
    other: Sequence[Entry]
    to_read: Sequence[Entry]
    unmatched: Sequence[str]
    unknown: Sequence[str]

    @property
    def urgent(self) -> list[str]:
        """Names of the medicines taken whose guidance is other than standard dosing."""
        return [entry["drug"] for entry in self.taken if not entry["uneventful"]]


def actions(
    tables: SampleTables,
    medicines: Sequence[Entry],
    genes: Sequence[Entry],
    tumor_findings: Sequence[Entry],
    conflicts: Sequence[Entry],
    hereditary: Entry,
    shared: Context,
) -> dict[str, Any]:
    """The one page that a clinician reads first.

    Args:
        tables: The rows of the sample.
        medicines: The section `recommendations`.
        genes: The section `genes`.
        tumor_findings: The findings of the section `tumor`.
        conflicts: The section `interactions`.
        hereditary: The section `germline`.
        shared: What every report of the run shares.

    Returns:
        The section `actions` of the report model. Its medicines are named only; their guidance
        stands once, in the section `recommendations`.
    """
    taken = sorted(
        (entry for entry in medicines if entry["taken"]),
        key=lambda entry: (severity(entry["action"]), entry["drug"]),
    )
    open_ones = sorted(
        (entry for entry in medicines if not entry["taken"] and not entry["uneventful"]),
        key=lambda entry: (severity(entry["action"]), entry["drug"]),
    )
    other = [entry for entry in open_ones if entry["action"] != "see_guideline"]
    to_read = [entry for entry in open_ones if entry["action"] == "see_guideline"]
    unmatched, unknown = _unmatched(tables, taken), _unknown(tables)
    todo = _Medicines(taken, other, to_read, unmatched, unknown)
    therapies = _therapies(tumor_findings, shared)
    inherited = germline.to_do(hereditary)
    of_inherited = [_line(*line) for line in germline.headlines(hereditary, shared)]
    headlines = _headlines(tables, shared, todo, genes, tumor_findings, conflicts, of_inherited)
    nothing = not (taken or open_ones or therapies or conflicts or inherited)
    quiet = [line["text"] for line in headlines if line["weight"] == "none"]
    quiet = quiet or [line["text"] for line in headlines]
    return {
        "headlines": headlines,
        "note": quiet[-1] if nothing else None,
        "sources": unique(
            item["source"] for entry in (*taken, *open_ones) for item in entry["sources"]
        ),
        "taken": [entry["drug"] for entry in taken],
        "taken_unmatched": unmatched,
        "taken_unknown": unknown,
        "other": [entry["drug"] for entry in other],
        "see_guideline": [entry["drug"] for entry in to_read],
        "germline": inherited,
        "germline_steps": germline.steps_to_take(shared) if inherited else [],
        "therapies": therapies,
    }


def _unmatched(tables: SampleTables, taken: Sequence[Entry]) -> list[str]:
    matched = {entry["drug"] for entry in taken}
    rows = tables.rows("medicines")
    return sorted({row["medicine"] for row in rows if row["drug"] and row["drug"] not in matched})


def _unknown(tables: SampleTables) -> list[str]:
    return sorted({row["medicine"] for row in tables.rows("medicines") if not row["drug"]})


def _therapies(findings: Sequence[Entry], shared: Context) -> list[dict[str, Any]]:
    """Findings of tier I and II: what speaks for a therapy, and beside it what speaks against."""
    entries = []
    for finding in findings:
        if finding["tier"] not in ("I", "II"):
            continue
        predictive = [e for e in finding["evidence"] if e["therapies"]]
        sensitive = _grouped([e for e in predictive if e["effect"] == "sensitive"], shared)
        resistant = _grouped([e for e in predictive if e["effect"] in AGAINST], shared)
        shown = sensitive[:THERAPIES_SHOWN]
        # What speaks against in the best tier is never left to the details.
        least = sum(row["tier"] == "I" for row in resistant)
        against = resistant[: max(THERAPIES_SHOWN, least)]
        entries.append(
            {
                "finding_id": finding["finding_id"],
                "alteration": finding["alteration"],
                "tier": finding["tier"],
                "tier_words": finding["tier_words"],
                "tier_reason": finding["tier_reason"],
                "sensitivity": shown,
                "sensitivity_more": _more(len(sensitive) - len(shown), shared),
                "resistance": against,
                "resistance_more": _more(len(resistant) - len(against), shared),
            }
        )
    return entries


def _more(count: int, shared: Context) -> str | None:
    return shared.words("therapy.more", count=count) if count > 0 else None


def _grouped(evidence: Sequence[Entry], shared: Context) -> list[dict[str, Any]]:
    """Evidence of tier I and II by therapy, its best level first; vetoed therapies last."""
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
            "evidence": [
                {"evidence_id": e["evidence_id"], "link": e["link"]} for e in group[:EVIDENCE_SHOWN]
            ],
            "evidence_more": _more(len(group) - EVIDENCE_SHOWN, shared),
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
    todo: _Medicines,
    genes: Sequence[Entry],
    tumor_findings: Sequence[Entry],
    conflicts: Sequence[Entry],
    inherited: list[dict[str, str]],
) -> list[dict[str, str]]:
    """The report in a few sentences, each with its weight: act, note or none."""
    withheld = tables.withheld(shared.run.get("consent_asked", True))
    if tables.sample["role"] == "tumor":
        if "tumor" in withheld:
            return [_line("note", shared.words("headline.tumor_withheld"))]
        return _tumor_headlines(tumor_findings, shared)
    if "pharmacogenes" in withheld:
        withheld_line = _line("note", shared.words("headline.pharmacogenes_withheld"))
        return sorted([withheld_line, *inherited], key=_place)
    lines = [*_conflict_headlines(shared, conflicts), *_taken_headlines(shared, todo)]
    lines += [*inherited, *_other_headlines(shared, todo)]
    uncalled = sum(not gene["called"] for gene in genes)
    if uncalled:
        noun = shared.words("noun.gene_has" if uncalled == 1 else "noun.genes_have")
        text = shared.words("headline.not_called", count=uncalled, noun=noun)
        lines.append(_line("note", text))
    unsure = [gene["gene"] for gene in genes if gene["decision"] == INDETERMINATE]
    if unsure:
        noun = shared.words("noun.gene_is" if len(unsure) == 1 else "noun.genes_are")
        names = ", ".join(unsure)
        text = shared.words("headline.indeterminate", count=len(unsure), noun=noun, genes=names)
        lines.append(_line("note", text))
    return sorted(lines, key=_place)


def _place(line: Mapping[str, str]) -> int:
    return _WEIGHTS.index(line["weight"])


def _conflict_headlines(shared: Context, conflicts: Sequence[Entry]) -> list[dict[str, str]]:
    converting = unique(
        shared.words(
            "headline.conflict",
            by=entry["by"],
            drug=entry["drug"],
            enzyme=entry["enzyme"],
            phenotype=entry["clinical_phenotype"],
        )
        for entry in conflicts
        if entry["converts"]
    )
    return [_line("act", text) for text in converting]


def _taken_headlines(shared: Context, todo: _Medicines) -> list[dict[str, str]]:
    words, lines = shared.words, []
    if todo.urgent:
        verb = words("noun.needs" if len(todo.urgent) == 1 else "noun.need")
        drugs = ", ".join(todo.urgent)
        text = words("headline.taken_action", count=len(todo.urgent), verb=verb, drugs=drugs)
        lines.append(_line("act", text))
    elif todo.taken:
        lines.append(_line("none", words("headline.taken_standard")))
    elif not (todo.unmatched or todo.unknown):
        lines.append(_line("note", words("headline.taken_none")))
    if todo.unmatched:
        drugs = ", ".join(todo.unmatched)
        text = words("headline.taken_unmatched", count=len(todo.unmatched), drugs=drugs)
        lines.append(_line("note", text))
    if todo.unknown:
        drugs = ", ".join(todo.unknown)
        text = words("headline.taken_unknown", count=len(todo.unknown), drugs=drugs)
        lines.append(_line("act", text))
    return lines


def _other_headlines(shared: Context, todo: _Medicines) -> list[dict[str, str]]:
    words, lines = shared.words, []
    if todo.other:
        key = "medicine_has" if len(todo.other) == 1 else "medicines_have"
        noun = words(f"noun.other_{key}" if todo.taken else f"noun.{key}")
        text = words("headline.other_action", count=len(todo.other), noun=noun)
        lines.append(_line("act", text))
    if todo.to_read:
        key = "medicine" if len(todo.to_read) == 1 else "medicines"
        text = words("headline.see_guideline", count=len(todo.to_read), noun=words(f"noun.{key}"))
        lines.append(_line("note", text))
    if not (todo.urgent or todo.other or todo.to_read):
        lines.append(_line("none", words("headline.no_action")))
    return lines


def _tumor_headlines(findings: Sequence[Entry], shared: Context) -> list[dict[str, str]]:
    words, lines = shared.words, []
    for tier in ("I", "II"):
        names = unique(f["alteration"] for f in findings if f["tier"] == tier)
        if names:
            text = words(
                "headline.tumor_action",
                count=len(names),
                noun=words("noun.finding" if len(names) == 1 else "noun.findings"),
                tier=tier,
                alterations=", ".join(names),
            )
            lines.append(_line("act", text))
    if lines:
        return lines
    if any(finding["tier"] == "withheld" for finding in findings):
        return [_line("note", words("headline.tumor_tiers_withheld"))]
    return [_line("none", words("headline.tumor_none"))]


def _line(weight: str, text: str) -> dict[str, str]:
    return {"weight": weight, "text": text}
