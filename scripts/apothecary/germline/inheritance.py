"""Whether a variant of a gene is reported: its class, the inheritance, and what the list asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.germline import genes, rules, zygosity
from apothecary.germline.zygosity import Carried
from apothecary.pharmacogenes import facts

FINDING = "finding"
CARRIER = "carrier"
UNCERTAIN = "uncertain"
_ORDER = (FINDING, CARRIER, UNCERTAIN, None)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a list asks of a variant to be reported.

    Attributes:
        words: In words; empty for nothing beyond the inheritance.
        hits: Alleles that are needed; None: as the inheritance has it.
        zygosity: Zygosity that is needed; empty for any.
        truncating: Only truncating variants are asked for.
        change: The one change that is asked for, by name; empty for any.
    """

    words: str = ""
    hits: int | None = None
    zygosity: str = ""
    truncating: bool = False
    change: str = ""


@dataclass(frozen=True)
class Inheritance:
    """How many alleles a condition needs.

    Attributes:
        hits: Alleles that are needed where both chromosomes of a pair are there.
        x_linked: Whether a man has one of them only.
        words: In words.
    """

    hits: int
    x_linked: bool
    words: str


@dataclass(frozen=True)
class Lists:
    """What the words of the lists stand for; see `load`."""

    asked: Mapping[str, Asked]
    inheritance: Mapping[str, Inheritance]
    path: str

    def names(self, list_rows: Mapping[str, Row], residue: str) -> bool:
        """Whether a list asks for a substitution by its name."""
        return bool(residue) and any(
            self.of(row)[0].change == residue for row in list_rows.values()
        )

    def of(self, row: Row) -> tuple[Asked, Inheritance]:
        """What a row of the knowledge table `germline_genes` asks.

        Raises:
            ResourceError: Its words are not known.
        """
        report, inherited = row["report"] or "", row["inheritance"] or ""
        if report and report not in self.asked:
            raise _unknown(self.path, row, "report", report)
        if inherited not in self.inheritance:
            raise _unknown(self.path, row, "inheritance", inherited)
        return self.asked.get(report, Asked()), self.inheritance[inherited]


def _unknown(path: str, row: Row, column: str, value: str) -> ResourceError:
    right = f"a row for it in {path}"
    found = f"germline_genes: {value!r} of {row['gene']} ({row['list_id']})"
    return ResourceError(Problem("knowledge", found, right, field=column))


def load(paths: Mapping[str, Path | str]) -> Lists:
    """Read what the words of the lists stand for.

    Args:
        paths: Files of `resources/germline` by stem: report_rules and inheritance.

    Raises:
        ResourceError: A table is absent or faulty.
    """
    columns = ("report", "hits", "zygosity", "truncating", "change", "words", "source")
    asked = facts.read(paths["report_rules"], columns)
    inherited = facts.read(
        paths["inheritance"], ("inheritance", "hits", "x_linked", "words", "source")
    )
    try:
        return Lists(
            {
                row["report"]: Asked(
                    row["words"],
                    int(row["hits"]) if row["hits"] else None,
                    row["zygosity"],
                    row["truncating"] == "true",
                    row["change"],
                )
                for row in asked
            },
            {
                row["inheritance"]: Inheritance(
                    int(row["hits"]), row["x_linked"] == "true", row["words"]
                )
                for row in inherited
            },
            "resources/germline",
        )
    except ValueError as error:
        raise ResourceError(
            Problem(str(paths["report_rules"]), f"not a number ({error})", "hits are 1 or 2")
        ) from error


@dataclass(frozen=True)
class Hit:
    """A variant of a gene, as far as its inheritance asks.

    Attributes:
        name: As chrom:pos:ref:alt.
        decided: The class that reporting goes by.
        carried: How the person carries it.
        named: Whether something tells what it does in the gene.
        alters: Whether it changes the protein, or may change its splicing.
        truncating: Whether it is truncating.
        residue: The substitution as C282Y; empty for anything else.
        kept: Whether it passed the filters.
    """

    name: str
    decided: str
    carried: Carried
    named: bool
    alters: bool
    truncating: bool
    residue: str
    kept: bool

    @property
    def counts(self) -> bool:
        """Whether it is pathogenic, or likely so, and passed the filters."""
        return self.kept and self.decided in rules.REPORTED


@dataclass(frozen=True)
class Pair:
    """The hits of a gene, seen from one of them.

    Attributes:
        alleles: Chromosomes of the pair that a hit may be on, 0 to 2.
        phase: Phase to the other heterozygous hits, the one that matters most; None for none.
        partners: The other hits.
    """

    alleles: int
    phase: str | None
    partners: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether a variant is reported.

    Attributes:
        reported_as: finding, carrier or uncertain; None for what is not reported.
        reason: Why, in words.
        list_id: The list by which.
        doubts: What speaks for doubt.
    """

    reported_as: str | None
    reason: str
    list_id: str
    doubts: tuple[str, ...] = ()


def pair(of: Hit, partners: Sequence[Hit]) -> Pair:
    """The alleles of a gene that are hit, as far as the phase tells.

    Args:
        of: The variant.
        partners: The other hits of the person in the gene; see `Hit.counts`.
    """
    own = of.carried.copies if of.counts else 0
    named = tuple(hit.name for hit in partners)
    if own != 1 or of.carried.zygosity != zygosity.HETEROZYGOUS:
        most = max((hit.carried.copies for hit in partners), default=0)
        return Pair(max(own, min(most, 2)), None, named)
    phases = {
        zygosity.phase(of.carried, hit.carried)
        for hit in partners
        if hit.carried.zygosity == zygosity.HETEROZYGOUS
    }
    order = (zygosity.IN_TRANS, zygosity.NOT_KNOWN, zygosity.IN_CIS)
    told = next((one for one in order if one in phases), None)
    both = told in (zygosity.IN_TRANS, zygosity.NOT_KNOWN) or any(
        hit.carried.copies > 1 or hit.carried.zygosity == zygosity.UNKNOWN for hit in partners
    )
    return Pair(2 if both else 1, told, named)


def judge(of: Hit, hits: Pair, list_rows: Mapping[str, Row], lists: Lists) -> Verdict:
    """Whether a variant is reported, by the list that asks for the most.

    Args:
        of: The variant.
        hits: See `pair`.
        list_rows: Rows of the lists agreed to that have the gene, by list.
        lists: What their words stand for.

    Raises:
        ResourceError: The words of a list are not known.
    """
    verdicts = [_by_list(of, hits, row, lists) for _, row in _ordered(list_rows)]
    return min(verdicts, key=lambda verdict: _ORDER.index(verdict.reported_as))


def _ordered(list_rows: Mapping[str, Row]) -> Iterable[tuple[str, Row]]:
    """The rows with the primary list first, which a tie goes to."""
    return sorted(list_rows.items(), key=lambda item: item[0] != genes.PREDISPOSITION)


def _by_list(of: Hit, hits: Pair, row: Row, lists: Lists) -> Verdict:
    asked, inherited = lists.of(row)
    list_id = row["list_id"]
    if not of.kept:
        return Verdict(None, "the call failed a filter", list_id)
    if asked.change:
        return _named_change(of, asked, list_id)
    if of.decided == rules.UNCERTAIN:
        return _uncertain(of, list_id)
    if of.decided not in rules.REPORTED:
        return Verdict(None, f"{of.decided.lower()}", list_id)
    if asked.truncating and not of.named:
        doubt = "whether it is truncating is not known: nothing names what it does"
        return Verdict(None, f"{asked.words}; nothing names this variant", list_id, (doubt,))
    if asked.truncating and not of.truncating:
        return Verdict(None, f"{asked.words}; this variant is not", list_id)
    needed = asked.hits or inherited.hits
    words = asked.words if asked.hits else inherited.words
    if needed == 1 or (inherited.x_linked and of.carried.zygosity == zygosity.HEMIZYGOUS):
        if needed > 1:
            words = "one allele of a man's X chromosome is all that he has"
        return Verdict(FINDING, f"{of.decided.lower()}; {words}", list_id)
    if hits.alleles >= needed:
        return _two_hits(of, hits, list_id)
    return _one_hit(of, hits, inherited, list_id)


def _uncertain(of: Hit, list_id: str) -> Verdict:
    """Of what is uncertain, that which may change the protein of a primary gene is listed."""
    if not of.named:
        return Verdict(None, "nothing names what it does in the gene: it is not judged", list_id)
    if list_id != genes.PREDISPOSITION:
        return Verdict(None, "of uncertain significance: no secondary finding", list_id)
    if not of.alters:
        words = "of uncertain significance, outside of the coding sequence: in the table only"
        return Verdict(None, words, list_id)
    return Verdict(UNCERTAIN, "of uncertain significance: listed, not acted on", list_id)


def _named_change(of: Hit, asked: Asked, list_id: str) -> Verdict:
    """A change that the list itself names is reported by it, whatever its class."""
    if of.residue == asked.change and of.carried.zygosity == asked.zygosity:
        words = f"{asked.words}, and this is it: the list names it"
        return Verdict(FINDING, words, list_id)
    if not of.named and of.carried.zygosity in (asked.zygosity, zygosity.UNKNOWN):
        doubt = f"whether it is {asked.change} is not known: nothing names what it does"
        return Verdict(None, f"{asked.words}; nothing names this variant", list_id, (doubt,))
    this = of.residue or ("another change" if of.named else "and not named")
    return Verdict(None, f"{asked.words}; this is {of.carried.zygosity} {this}", list_id)


def _two_hits(of: Hit, hits: Pair, list_id: str) -> Verdict:
    if of.carried.zygosity == zygosity.HOMOZYGOUS:
        return Verdict(FINDING, f"{of.decided.lower()}; both alleles have it", list_id)
    if hits.phase == zygosity.NOT_KNOWN:
        doubt = "two hits whose phase is not known: they may be on one chromosome"
        return Verdict(FINDING, "two hits, phase not known", list_id, (doubt,))
    return Verdict(FINDING, f"two hits, {hits.phase or 'the other on both alleles'}", list_id)


def _one_hit(of: Hit, hits: Pair, inherited: Inheritance, list_id: str) -> Verdict:
    kind = "an X-linked" if inherited.x_linked else "a recessive"
    cis = f" ({len(hits.partners) + 1} hits in cis)" if hits.phase == zygosity.IN_CIS else ""
    words = f"one hit of {kind} gene: carrier{cis}"
    if list_id == genes.PREDISPOSITION:
        return Verdict(CARRIER, words, list_id)
    return Verdict(
        None, f"{words}; the list of secondary findings does not ask for carriers", list_id
    )
