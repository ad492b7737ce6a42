"""Population frequencies of a variant, held against the rules of expert panels: BA1, BS1, PM2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.germline.rules import Code
from apothecary.germline.settings import Settings

_STRONGEST = ("BA1", "BS1", "BS1_SUPP")
Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Frequency:
    """What is known of how frequent a variant is.

    Attributes:
        plain: Highest plain frequency of a population, of the input or the user.
        plain_source: input or user.
        counted: Frequency over all persons of a panel of the pack.
        counted_source: Its source.
        filtering: Filtering frequency of the user's table.
        asked: Whether a source that tells absence was looked at.
    """

    plain: float | None = None
    plain_source: str = "input"
    counted: float | None = None
    counted_source: str = ""
    filtering: float | None = None
    asked: bool = False

    @property
    def highest(self) -> tuple[float, str] | None:
        """The highest frequency of all, and its source."""
        known = [
            (value, source)
            for value, source in (
                (self.plain, self.plain_source),
                (self.counted, self.counted_source),
                (self.filtering, "user"),
            )
            if value is not None
        ]
        return max(known, default=None)


def index(rows: Iterable[Rule]) -> dict[str, list[Rule]]:
    """The rules of the knowledge table `frequency_rules` by gene, the strongest first."""
    found: dict[str, list[Rule]] = {}
    for row in sorted(rows, key=lambda row: _STRONGEST.index(row["code"])):
        found.setdefault(row["gene"], []).append(row)
    return found


def holds(rule: Rule, frequency: float) -> bool:
    """Whether a frequency lies in the range of a rule, whose ends belong to it or not."""
    above, below = rule["above"], rule["below"]
    if frequency < above or (frequency == above and not rule["above_included"]):
        return False
    if below is None:
        return True
    return bool(frequency < below or (frequency == below and rule["below_included"]))


def assess(frequency: Frequency, rules: Iterable[Rule], settings: Settings) -> list[Code]:
    """BA1, BS1 or BS1_SUPP by the rules of the gene, BA1 by our own limit, or PM2_SUPP.

    The rules are of a filtering frequency, which is a lower bound. A plain frequency of a
    population may rest on a single chromosome, so it is divided by the margin of the settings. A
    frequency over all persons of a panel is no higher than that of its population with the most.

    Args:
        frequency: What is known of the variant.
        rules: Those of the gene, the strongest first; see `index`.
        settings: The margin, and the limit for genes without a rule.
    """
    if frequency.highest is None or not frequency.highest[0]:
        if not frequency.asked:
            return []
        words = "in no population that the source has; it does not tell what it covers"
        return [Code("PM2_SUPP", words, (frequency.plain_source,))]
    bounds = _bounds(frequency, settings)
    bound, words, source_id = max(bounds, key=lambda one: one[0])
    of_gene = list(rules)
    for rule in of_gene:
        if holds(rule, bound):
            version = f" {rule['rule_version']}" if rule["rule_version"] else ""
            told = (
                f"{words}; the expert panel's rule{version} for {rule['property']} {_range(rule)}"
            )
            return [Code(rule["code"], told, (rule["source_id"], source_id))]
    highest = frequency.highest[0]
    if not of_gene and highest > settings.common_frequency:
        told = (
            f"frequency {highest:g}, above {settings.common_frequency:g} (limit of the "
            "configuration; no expert panel's rule for the gene)"
        )
        return [Code("BA1", told, (frequency.highest[1],))]
    return []


def _bounds(frequency: Frequency, settings: Settings) -> list[tuple[float, str, str]]:
    found = []
    if frequency.filtering is not None:
        words = f"filtering frequency {frequency.filtering:g}"
        found.append((frequency.filtering, words, "user"))
    if frequency.counted is not None:
        words = f"frequency {frequency.counted:g} over all persons of the panel"
        found.append((frequency.counted, words, frequency.counted_source))
    if frequency.plain is not None:
        bound = frequency.plain / settings.frequency_margin
        words = (
            f"frequency {frequency.plain:g} of a population, which is no filtering frequency; "
            f"taken as {bound:g}"
        )
        found.append((bound, words, frequency.plain_source))
    return found


def _range(rule: Rule) -> str:
    low = f"{'at least' if rule['above_included'] else 'above'} {rule['above']:g}"
    if rule["below"] is None:
        return low
    return f"{low}, {'at most' if rule['below_included'] else 'below'} {rule['below']:g}"
