"""Truth, answers and counts of the comparison with the GeT-RM consensus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Consensus:
    """The truth of one sample and gene under current names.

    Attributes:
        clean: The clean diplotype; empty when the consensus has none.
        allowed: Every diplotype that the consensus allows.
    """

    clean: str
    allowed: frozenset[str]


def plain(gene: str, diplotype: str, names: Names) -> str:
    """A diplotype under current names, its alleles in alphabetical order."""
    return "/".join(sorted(_allele(gene, allele, names) for allele in diplotype.split("/")))


def _allele(gene: str, allele: str, names: Names) -> str:
    """An allele under its current name; of several variants on one strand, what is left of them."""
    if (gene, allele) in names or "+" not in allele:
        return names.get((gene, allele), allele)
    parts = [names.get((gene, part), part) for part in allele.split("+")]
    return "+".join([part for part in parts if part != "*1"] or ["*1"])


@dataclass(frozen=True)
class Answer:
    """What was answered for a truth: the diplotypes shown, and whether the first is a call."""

    shown: tuple[str, ...]
    sure: bool
    given: str


def answer(rows: Sequence[Row], gene: str, names: Names, mode: str) -> Answer:
    """The answer of rows of a gene; candidates that the consensus names alike are one."""
    made = [row for row in rows if row["diplotype"]]
    shown = [plain(gene, row["diplotype"], names) for row in made]
    alike = len(set(shown)) == 1
    if mode.startswith("posterior"):
        sure = bool(made) and (made[0].get("decision") == "called" or (alike and len(made) > 1))
    else:
        sure = alike
    return Answer(tuple(shown), sure, made[0]["diplotype"] if made else "")


def scores(
    truth: Mapping[tuple[str, str], Consensus], answers: Mapping[tuple[str, str], Answer]
) -> dict[str, Counter[str]]:
    """Counts by gene."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (sample, gene), right in truth.items():
        found = answers.get((sample, gene))
        if found is None or not right.allowed:
            continue
        own = counts[gene]
        own["loose all"] += 1
        own["allowed"] += found.sure and found.shown[0] in right.allowed
        own["loose called"] += found.sure
        if not right.clean:
            continue
        own["all"] += 1
        own["called"] += found.sure
        own["exact"] += found.sure and found.shown[0] == right.clean
        own["best"] += found.shown[:1] == (right.clean,)
        own["within"] += right.clean in found.shown
        own["none"] += not found.shown
    return dict(sorted(counts.items()))


def reduced(own: Counter[str]) -> str:
    """The figures of calls under the names of the consensus alone."""
    wrong = own["called"] - own["exact"]
    return (
        f"{own['exact']}/{own['called']} of {own['all']}; right less wrong {own['exact'] - wrong}; "
        f"best candidate {own['best']}, among those shown {own['within']}"
    )


def words(own: Counter[str], mode: str) -> str:
    if not own["all"]:
        return f"no clean truth; allowed {own['allowed']}/{own['loose all']}"
    loose = f"allowed {own['allowed']}/{own['loose all']}"
    accuracy = f"{own['exact'] / own['called']:.3f}" if own["called"] else "-"
    if mode.startswith("posterior"):
        return (
            f"called {own['called'] / own['all']:.3f}, right of these {accuracy} "
            f"({own['exact']}/{own['called']} of {own['all']}); best candidate "
            f"{own['best'] / own['all']:.3f}, in the credible set "
            f"{own['within'] / own['all']:.3f}; {loose}"
        )
    among = own["within"] - own["exact"]
    other = own["all"] - own["none"] - own["within"]
    return (
        f"{own['exact'] / own['all']:.3f} ({own['exact']}/{own['all']}; among {among}, other "
        f"{other}, none {own['none']}); {loose}"
    )
