"""The card for the wallet: the medicines of a report by gene, dealt to cards of one size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A card of 85 x 54 mm; both are our own choice for the type of the style sheet, on the safe side.
LINES = 12
LETTERS = 54


@dataclass(frozen=True)
class Row:
    """A line of the card.

    Attributes:
        genes: The genes, each with its result in short.
        medicines: The medicines to mention.
    """

    genes: str
    medicines: tuple[str, ...]

    @property
    def lines(self) -> int:
        """How many lines the row takes at most."""
        letters = len(self.genes) + 2 + sum(len(name) + 2 for name in self.medicines)
        return -(-letters // (LETTERS - _longest(self.medicines)))


def _longest(medicines: Sequence[str]) -> int:
    """Letters that a line may lose to a name that goes to the next one."""
    return min(max((len(name) for name in medicines), default=0), LETTERS // 2)


def rows(medicines: Iterable[Mapping[str, Any]], results: Mapping[str, str]) -> list[Row]:
    """The medicines of a report by the genes that they rest on.

    Args:
        medicines: Those that call for an action, the most urgent first.
        results: The result in short by gene; a gene without one is named alone.

    Returns:
        Rows in the order of the first medicine of each.
    """
    by_genes: dict[tuple[str, ...], list[str]] = {}
    for entry in medicines:
        by_genes.setdefault(tuple(entry["genes"]), []).append(entry["drug"])
    return [
        Row(" + ".join(_told(gene, results) for gene in genes), tuple(names))
        for genes, names in by_genes.items()
    ]


def _told(gene: str, results: Mapping[str, str]) -> str:
    return f"{gene} ({results[gene]})" if gene in results else gene


def deal(found: Iterable[Row]) -> list[list[Row]]:
    """Deal rows to cards; a row that a card cannot hold goes on on the next.

    Args:
        found: The rows.

    Returns:
        A list of rows a card, none for no row. Every medicine is on one of them.
    """
    cards: list[list[Row]] = []
    left = 0
    for row in found:
        rest = row
        while rest.medicines:
            part = _fitting(rest, left)
            if part is None:
                cards.append([])
                left = LINES
                part = _fitting(rest, left) or Row(rest.genes, rest.medicines[:1])
            cards[-1].append(part)
            left -= part.lines
            rest = Row(rest.genes, rest.medicines[len(part.medicines) :])
    return cards


def _fitting(row: Row, lines: int) -> Row | None:
    """As much of a row as some lines hold, None where they hold no medicine of it."""
    for count in range(len(row.medicines), 0, -1):
        part = Row(row.genes, row.medicines[:count])
        if part.lines <= lines:
            return part
    return None
