"""CDS Hooks cards of the medicines and therapies of a report.

A card says what guidance says in the words of the report model; it computes nothing. Elements as
HL7's definition of CDSHooksResponse (CC0-1.0) has them.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Model = Mapping[str, Any]
Card = dict[str, Any]

INDICATORS = ("info", "warning", "critical")
"""From the least urgent to the most."""
MAX_SUMMARY = 139
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "apothecary.cards")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True)
class Indicators:
    """How urgent a card is, by action and strength of the recommendation (`indicators.tsv`)."""

    by_action: Mapping[tuple[str, str], str]

    def of(self, row: Model) -> str:
        """The indicator of a recommendation; info where the table has none."""
        return self.by_action.get((row["action"], row["strength"] or ""), INDICATORS[0])


def load_indicators(path: Path | str) -> Indicators:
    """Read the table of indicators, `resources/cards/indicators.tsv`."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return Indicators({(row["action"], row["strength"]): row["indicator"] for row in rows})


def cards(model: Model, indicators: Indicators) -> list[Card]:
    """The cards of a report model.

    Args:
        model: The report model.
        indicators: How urgent each is.

    Returns:
        A card for each source of guidance on a medicine that the person takes or that asks to
        act, a card for each medicine taken without guidance, and one for each finding of a tumor
        with therapies of the two upper tiers; of a sample that failed, one with the reason. The
        most urgent of medicines taken come first. The same model gives the same cards.
    """
    if model["status"] == "failed":
        return [_failure(model)]
    taken: list[Card] = []
    others: list[Card] = []
    for medicine in model["recommendations"]:
        if medicine["uneventful"] and not medicine["taken"]:
            continue
        for source in medicine["sources"]:
            if source["rows"]:
                card = _medicine(model, medicine, source, indicators)
                (taken if medicine["taken"] else others).append(card)
    found = [*sorted(taken, key=_urgency), *_without_guidance(model)]
    return [*found, *sorted(others, key=_urgency), *_therapies(model)]


def _urgency(card: Card) -> tuple[int, str]:
    return -INDICATORS.index(card["indicator"]), card["summary"]


def _medicine(model: Model, medicine: Model, source: Model, indicators: Indicators) -> Card:
    rows = source["rows"]
    first = max(rows, key=lambda row: INDICATORS.index(indicators.of(row)))
    said = unique(row["action_words"] for row in rows)
    basis = unique(text for row in rows for text in row["phenotypes"])
    summary = f"{medicine['drug']}: {', '.join(said)} ({source['source']}; {', '.join(basis)})"
    lines = [line for row in rows for line in _recommendation(row)]
    lines += [f"- {_plain(one['text'])}" for one in medicine["conflicts"]]
    lines += [
        f"- {_plain(one['reason'])}"
        for one in model["interactions"]
        if one["drug"] == medicine["drug"]
    ]
    suggestions = [
        *(_words(row) for row in rows if row["action"] == "alternative" or row["dose_change"]),
        *(
            f"{one['drug']}: {one['dose']} ({one['model_words']})"
            for one in model["doses"]
            if one["drug"] == medicine["drug"] and one["refused"] is None
        ),
    ]
    links = {row["link"]: row["guideline_id"] for row in rows if row["link"]}
    return _card(
        model, summary, indicators.of(first), source["source"], lines, unique(suggestions), links
    )


def _recommendation(row: Model) -> Iterator[str]:
    """The lines of one recommendation; the words of a guideline only where they are installed."""
    strength = f" ({_plain(row['strength'])})" if row["strength"] else ""
    yield f"- **{_plain(_words(row))}**{strength}"
    about = [*row["phenotypes"], *row["diplotypes"], row["population"]]
    if row["posterior"] is not None:
        about.append(f"posterior {row['posterior']}")
    details = [*row["effects"], *row["implications"], *row["text"]]
    yield from (f"  - {_plain('; '.join(filter(None, part)))}" for part in (about, details) if part)
    version = f", version {row['guideline_version']}" if row["guideline_version"] else ""
    yield f"  - {_plain(row['source'])} {_plain(row['guideline_id'] + version)}"


def _words(row: Model) -> str:
    change = f": {row['dose_change']}" if row["dose_change"] else ""
    return f"{row['action_words']}{change}"


def _without_guidance(model: Model) -> Iterator[Card]:
    """A card for each medicine taken that no guidance matched, or that is not known."""
    for key in ("taken_unmatched", "taken_unknown"):
        for name in model["actions"][key]:
            text = str(model["words"][f"headline.{key}"]).format(count=1, drugs=name)
            label = model["identity"]["software"]
            yield _card(model, f"{name}: {text}", INDICATORS[0], label, [f"- {_plain(text)}"])


def _therapies(model: Model) -> Iterator[Card]:
    for entry in model["actions"]["therapies"]:
        # What speaks for a therapy and what speaks against take turns: none is cut off alone.
        pairs = itertools.zip_longest(entry["sensitivity"], entry["resistance"])
        rows = [row for pair in pairs for row in pair if row]
        if not rows:
            continue
        names = unique(f"{row['therapies']} ({row['effect_words']})" for row in rows)
        summary = f"{entry['alteration']}, {entry['tier_words']}: {', '.join(names)}"
        lines = [f"- **{_plain(row['therapies'])}**: {_plain(_evidence(row))}" for row in rows]
        more = (entry["sensitivity_more"], entry["resistance_more"], entry["tier_reason"])
        lines += [f"- {_plain(text)}" for text in more if text]
        links = {
            one["link"]: one["evidence_id"]
            for row in rows
            for one in row["evidence"]
            if one["link"] and one["evidence_id"]
        }
        label = model["identity"]["software"]
        yield _card(model, summary, INDICATORS[0], label, lines, (), links)


def _evidence(row: Model) -> str:
    level = f"level {row['level']}" if row["level"] else None
    parts = (row["effect_words"], level, row["tier_words"], row["tumor_match_words"])
    return ", ".join(part for part in (*parts, *row["vetoed_by"]) if part)


def _failure(model: Model) -> Card:
    reasons = [entry["reason"] for entry in model["failure"]]
    lines = [f"- {_plain(reason)}" for reason in reasons]
    text = f"{model['status_words']}: {'; '.join(reasons)}"
    return _card(model, text, "warning", model["identity"]["software"], lines)


def _card(
    model: Model,
    summary: str,
    indicator: str,
    label: str,
    lines: Iterable[str],
    suggestions: Iterable[str] = (),
    links: Mapping[str, str] | None = None,
) -> Card:
    card: Card = {
        "summary": _short(summary),
        "indicator": indicator,
        "source": {"label": label},
        "detail": "\n".join(lines),
    }
    offered = [{"label": text} for text in suggestions]
    if offered:
        card |= {"suggestions": offered, "selectionBehavior": "any"}
    if links:
        card["links"] = [
            {"label": name, "url": url, "type": "absolute"} for url, name in sorted(links.items())
        ]
    seed = json.dumps([model["identity"]["sample_id"], card], sort_keys=True, ensure_ascii=False)
    for number, one in enumerate(offered):
        one["uuid"] = str(uuid.uuid5(_NAMESPACE, f"{number} {seed}"))
    return {"uuid": str(uuid.uuid5(_NAMESPACE, seed)), **card}


def unique(values: Iterable[str]) -> list[str]:
    """Values once, in their order."""
    return list(dict.fromkeys(values))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_SUMMARY else line[: MAX_SUMMARY - 1].rstrip() + "…"


def _plain(text: str) -> str:
    """Text that no reader of markdown takes for markup."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
