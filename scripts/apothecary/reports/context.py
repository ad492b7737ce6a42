"""What every report of a run shares: knowledge, words and settings, looked up once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Protocol, TypedDict

from apothecary.consent import withheld_scopes
from apothecary.reports import listed_genes
from apothecary.reports.indications import without_variant
from apothecary.reports.listed_genes import Listed
from apothecary.reports.words import Words, load

Row = Mapping[str, Any]


class RunFacts(TypedDict, total=False):
    """What a report must know of the run, apart from its tables. Every key may be left out.

    Attributes:
        laboratory: Name and address of the laboratory.
        pharmacogenes: Settings of the calling of pharmacogenes by name, as in the config.
        oncogenes: Settings of tumor findings by name, as in the config.
        thresholds: Variant thresholds by role, then by assay or `default`, as in the config.
        reference: A reference sequence was given; default no.
        gene_models: Gene models were given; default no.
        consent_asked: The run has a sheet of consent; default yes.
        panel_known: It is known which genes panels are meant to cover; default yes.
        method: How the assay is performed.
        research: The results are for research only; default no.
        sign_off: Name, role and date of who signs, and the ids of the reports that were signed.
        previous: The report before this one, by sample id; see `apothecary.reports.previous`.
    """

    laboratory: str
    pharmacogenes: Mapping[str, Any]
    oncogenes: Mapping[str, Any]
    thresholds: Mapping[str, Mapping[str, Mapping[str, Any]]]
    reference: bool
    gene_models: bool
    consent_asked: bool
    panel_known: bool
    method: str
    research: bool
    sign_off: Mapping[str, Any]
    previous: Mapping[str, Mapping[str, Any]]


class Knowledge(Protocol):
    """The part of a knowledge pack that reports read."""

    @property
    def digest(self) -> str:
        """Digest of the pack."""

    def rows(self, name: str, /) -> list[dict[str, Any]]:
        """The rows of a table of the pack."""


@dataclass(frozen=True)
class Context:
    """What every report of a run shares.

    Attributes:
        words: The catalogue of words.
        digest: Digest of the knowledge pack.
        sources: Rows of the table sources, sorted by source_id.
        genes: Rows of the table pgx_genes by gene.
        research: Genes that no guideline looks at.
        unseen: Genes of which small variants do not show all, such as copy number.
        germline_genes: Genes that consent for germline or secondary findings governs.
        germline: Gives the germline lists with their genes; asked for when needed, since most
            reports do without.
        tumor_types: Name of a tumor type by OncoTree code.
        without_variant: Guidance against a medicine for who carries no variant, by id and medicine.
        known_variants: Gives the number of the variants that a tumor's reads may be searched for;
            asked for when needed, since most reports do without.
        run: Facts of the run.
    """

    words: Words
    digest: str
    sources: tuple[Row, ...]
    genes: Mapping[str, Row]
    research: frozenset[str]
    unseen: frozenset[str]
    germline_genes: frozenset[str]
    germline: Callable[[], Listed]
    tumor_types: Mapping[str, str]
    without_variant: frozenset[tuple[str, str]]
    known_variants: Callable[[], int]
    run: RunFacts


# Items of an enumeration that a sentence gives; our own choice, of the layout only.
_ENUMERATED = 6


def in_short(text: str, shared: Context) -> str:
    """A text whose enumeration at the end is cut after its first items, the rest counted.

    Args:
        text: A text such as `3 of 3 positions cannot be called: a, b, c`.
        shared: What every report of the run shares.
    """
    head, colon, tail = text.rpartition(": ")
    items = tail.split(", ")
    if not colon or len(items) <= _ENUMERATED + 1:
        return text
    more = shared.words("genes.more", count=len(items) - _ENUMERATED)
    return f"{head}: {', '.join(items[:_ENUMERATED])}, {more}"


def calling(shared: Context) -> Mapping[str, Any]:
    """Settings of the calling of pharmacogenes; the mode is posterior when none is given."""
    return {"mode": "posterior", **shared.run.get("pharmacogenes", {})}


def context(pack: Knowledge, run: RunFacts) -> Context:
    """Look up once what every report of a run needs.

    Args:
        pack: The knowledge pack.
        run: Facts of the run.
    """
    return Context(
        words=load(),
        digest=pack.digest,
        sources=tuple(sorted(pack.rows("sources"), key=lambda row: str(row["source_id"]))),
        genes={row["gene"]: row for row in pack.rows("pgx_genes")},
        research=frozenset(row["gene"] for row in pack.rows("pgx_genes") if row["research"]),
        unseen=frozenset(r["gene"] for r in pack.rows("pgx_rules") if r["rule"] == "unseen"),
        germline_genes=frozenset(row["gene"] for row in pack.rows("germline_genes")),
        germline=cache(partial(listed_genes.load, pack.rows)),
        tumor_types={row["code"]: row["name"] for row in pack.rows("oncotree")},
        without_variant=without_variant(pack.rows),
        known_variants=partial(_known_variants, pack),
        run=run,
    )


def _known_variants(pack: Knowledge) -> int:
    names = ("chrom", "pos", "ref", "alt")
    return len({tuple(row[name] for name in names) for row in pack.rows("known_variants")})


@dataclass(frozen=True)
class SampleTables:
    """The rows of one sample.

    Attributes:
        sample: Row of the table samples.
        tables: Rows of the other tables by name; a table without rows may be absent.
    """

    sample: Row
    tables: Mapping[str, list[Row]]

    def rows(self, name: str) -> list[Row]:
        """The rows of a table, none when the table is absent."""
        return self.tables.get(name, [])

    def withheld(self, asked: bool) -> tuple[str, ...]:
        """The scopes of the sample's role without consent; none when consent was not asked for."""
        return withheld_scopes(self.sample, self.rows("consent")) if asked else ()
