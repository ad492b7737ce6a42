"""Why a call differs from the GeT-RM consensus, told from the definitions and the genotypes alone.

The classes, in the order in which they are tried:

- structure: the consensus has copies, hybrids or a deletion, which small variants do not show;
- no definition: no current definition has a name of the consensus;
- older names: an allele of the call is none that the consensus of the gene ever names, and is the
  allele of the consensus where only the variants count that its names are defined by;
- contradicted: at an assessed position no assignment of the sample's bases to two strands fits the
  consensus under the current definitions;
- phase: the bases fit, but not on the strands on which the file has them, or the strands are not
  known and the call and the consensus have the same bases;
- not assessed: call and consensus differ only at positions that were not assessed;
- ours: the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from apothecary.pharmacogenes.definitions import Allele, Gene

STRUCTURE = "structure cannot be seen"
NO_DEFINITION = "no current definition has the name"
OLDER = "named by the consensus' older names"
CONTRADICTED = "the file's genotypes contradict the consensus"
PHASE = "phase"
NOT_ASSESSED = "a defining position was not assessed"
OURS = "ours"
CLASSES = (STRUCTURE, NO_DEFINITION, OLDER, CONTRADICTED, PHASE, NOT_ASSESSED, OURS)
APART = (STRUCTURE, NO_DEFINITION, OLDER, CONTRADICTED)
"""Classes in which no caller of small variants could give the consensus."""

Row = Mapping[str, Any]
Sites = Mapping[str, Row]
Pair = tuple[Allele, Allele]

_COPIES = re.compile(r"x\d+|x[nN]\b|\+")
_TWO_AND_MORE = re.compile(r"^([^()]+/[^()/]+?)\s*\(([^()]+)\)$")


def readings(raw: str, reference: str) -> set[str]:
    """The diplotypes that a consensus allows; alleles in parentheses are tentative.

    Args:
        raw: As GeT-RM gives it, such as `*6/(*27)`, `*1/*1 (*5)` or `*4/*5 or *5/*6`.
        reference: What stands where a tentative allele is left out.

    Returns:
        Diplotypes with the names of the consensus; empty when it is no diplotype.
    """
    found: set[str] = set()
    for one in re.split(r"\s+or\s+|;(?![^(]*\))", raw.strip()):
        more = _TWO_AND_MORE.match(one)
        if more is None:
            found |= _of_slots(one, reference)
        elif "/" in more[2]:
            found |= _of_slots(more[1], reference) | _of_slots(more[2], reference)
        else:
            first, second = more[1].split("/")
            found |= {f"{first}/{second}", f"{first}/{more[2]}", f"{second}/{more[2]}"}
    return {_tidy(one) for one in found}


def _of_slots(text: str, reference: str) -> set[str]:
    whole = text.strip()
    if whole.startswith("(") and whole.endswith(")") and whole.count("(") == 1:
        whole = whole[1:-1]
    slots = whole.split("/")
    if len(slots) != 2 or whole.count("(") != whole.count(")"):
        return set()
    options = [_options(slot.strip(), reference) for slot in slots]
    if any(not set(one) - {""} for one in options):
        return set()
    return {f"{first}/{second}" for first, second in product(*options)}


def _options(slot: str, reference: str) -> set[str]:
    inside = re.findall(r"\(([^()]*)\)", slot)
    if not inside:
        return {slot}
    if slot.startswith("(") and slot.endswith(")") and re.search(r"\s\+|\+\s", slot):
        # These parentheses hold the variants of one strand together.
        return {inside[0]}
    without = re.sub(r"\([^()]*\)", "", slot).strip().strip("+").strip()
    apart = re.search(r"\s\(", slot) is not None or not without
    tentative = {part for text in inside for part in text.split(";")}
    full = tentative if apart else {re.sub(r"[()]", "", slot)}
    return {part.strip() for part in full} | {without or reference}


def _tidy(diplotype: str) -> str:
    """Without blanks, and with the star that is left out in `*36+10`."""
    bare = re.sub(r"\s", "", diplotype)
    return re.sub(r"(^|[/+])(?=\d)", r"\1*", bare)


def structural(gene: Gene, diplotype: str, alleles: Iterable[Row]) -> bool:
    """Whether a diplotype has copies, hybrids or an allele that no small variant defines."""
    named = {
        str(r["allele"])
        for r in alleles
        if r["gene"] == gene.name and (r["structural"] or not r["defined"])
    }
    return bool(_COPIES.search(diplotype)) or bool(named & set(diplotype.split("/")))


def reason(
    gene: Gene,
    expected: str,
    given: str,
    sites: Sites,
    vocabulary: Iterable[str],
    alleles: Iterable[Row],
) -> tuple[str, str]:
    """The class of a disagreement, and what shows it.

    Args:
        gene: The gene.
        expected: Diplotype of the consensus, under current names.
        given: Diplotype that was called, under the names of the definitions.
        sites: Rows of the table sites of the sample and gene, by position_id.
        vocabulary: All alleles that the consensus of the gene names, under current names.
        alleles: Rows of the table pgx_alleles.

    Returns:
        One of `CLASSES`, and positions or names.
    """
    if structural(gene, expected, alleles):
        return STRUCTURE, expected
    wanted, called = _pairs(gene, expected), _pairs(gene, given)
    if not wanted:
        names = {allele.core for allele in gene.alleles} | {a.name for a in gene.alleles}
        return NO_DEFINITION, ", ".join(sorted(set(expected.split("/")) - names))
    older = _older(gene, called, wanted, set(vocabulary))
    if older:
        return OLDER, older
    seen = [_seen(sites.get(position.position_id)) for position in gene.positions]
    misses = [_contradictions(gene, pair, seen) for pair in wanted]
    if all(misses):
        return CONTRADICTED, _named(gene, min(misses, key=len), sites)
    fitting = [pair for pair, miss in zip(wanted, misses, strict=True) if not miss]
    if not any(_on_strands(pair, seen) for pair in fitting):
        return PHASE, "the strands of the file"
    if any(_same_bases(gene, one, other, range(len(seen))) for one in fitting for other in called):
        return PHASE, "which bases share a strand is not known"
    missing = [i for i, bases in enumerate(seen) if bases is None]
    assessed = [i for i, bases in enumerate(seen) if bases is not None]
    for one, other in product(fitting, called):
        if all(_alike(one, other, i) for i in assessed):
            apart = [i for i in missing if not _same_bases(gene, one, other, [i])]
            return NOT_ASSESSED, _named(gene, apart, sites)
    return OURS, f"{given} given"


def _pairs(gene: Gene, diplotype: str) -> list[Pair]:
    by_name: dict[str, list[Allele]] = {}
    for allele in gene.alleles:
        for name in {allele.name, allele.core}:
            by_name.setdefault(name, []).append(allele)
    parts = diplotype.split("/")
    first, second = parts[0], parts[-1]
    return list(product(by_name.get(first, []), by_name.get(second, [])))


def _seen(row: Row | None) -> tuple[tuple[str, str], str | None] | None:
    """Bases of both strands and the phase set (None when not phased); None when not assessed.

    What a setting takes as reference without a record was not assessed either.
    """
    if row is None or row["allele_1"] is None or row["record"] is None:
        return None
    first, second = row["allele_1"], row["allele_2"] or row["allele_1"]
    return (first, second), (row["phase_set"] or "") if row["phased"] else None


def _contradictions(gene: Gene, pair: Pair, seen: Sequence[Any]) -> list[int]:
    return [
        i
        for i, one in enumerate(seen)
        if one is not None and not (_straight(pair, i, one[0]) or _straight(pair, i, one[0][::-1]))
    ]


def _straight(pair: Pair, i: int, bases: tuple[str, str]) -> bool:
    return bases[0] in pair[0].accepts[i] and bases[1] in pair[1].accepts[i]


def _on_strands(pair: Pair, seen: Sequence[Any]) -> bool:
    """Whether each phase set fits a pair straight or crossed as a whole."""
    sets: dict[str, list[bool]] = {}
    for i, one in enumerate(seen):
        if one is None or one[1] is None:
            continue
        ways = sets.setdefault(one[1], [True, True])
        ways[0] &= _straight(pair, i, one[0])
        ways[1] &= _straight(pair, i, one[0][::-1])
    return all(any(ways) for ways in sets.values())


def _same_bases(gene: Gene, one: Pair, other: Pair, at: Iterable[int]) -> bool:
    return all(
        Counter(allele.accepts[i] for allele in one)
        == Counter(allele.accepts[i] for allele in other)
        for i in at
    )


def _alike(one: Pair, other: Pair, i: int) -> bool:
    """Whether two pairs may have the same bases at a position; definitions leave some open."""
    first, second = one[0].accepts[i], one[1].accepts[i]
    third, fourth = other[0].accepts[i], other[1].accepts[i]
    return bool(first & third and second & fourth) or bool(first & fourth and second & third)


def _older(gene: Gene, called: Sequence[Pair], wanted: Sequence[Pair], names: set[str]) -> str:
    """The alleles of the call that the consensus has no name for, when they reduce to its own."""
    known = [allele for allele in gene.alleles if allele.core in names or allele.name in names]
    reference = gene.alleles[0].accepts
    told = {i for allele in known for i in allele.bases if allele.accepts[i] != reference[i]}
    for one, other in product(called, wanted):
        unknown = {allele.core for allele in one if allele.core not in names}
        if unknown and _same_bases(gene, one, other, told):
            return ", ".join(sorted(unknown))
    return ""


def _named(gene: Gene, at: Iterable[int], sites: Sites) -> str:
    words = []
    for i in at:
        position = gene.positions[i]
        row = sites.get(position.position_id)
        bases = f" {row['allele_1']}/{row['allele_2']}" if row and row["allele_1"] else ""
        words.append(f"{position.rsid or position.position_id}{bases}")
    return ", ".join(words)


def between_builds(gene: Gene, one: Sites, other: Sites) -> tuple[str, str]:
    """Why two builds give other calls of the same person.

    Args:
        gene: The gene.
        one: Rows of the table sites by position_id, GRCh38.
        other: The same from GRCh37.

    Returns:
        `assessed in one build only`, `other genotypes`, `other phase` or `unexplained`, and the
        positions.
    """
    only, differing, turned, kept = [], [], [], []
    for position in gene.positions:
        first = _seen(one.get(position.position_id))
        second = _seen(other.get(position.position_id))
        name = position.rsid or position.position_id
        if (first is None) != (second is None):
            only.append(name)
        elif first is not None and second is not None:
            if sorted(first[0]) != sorted(second[0]):
                differing.append(name)
            elif len(set(first[0])) > 1:
                (kept if first[0] == second[0] else turned).append(name)
    if differing:
        return "other genotypes", ", ".join(differing)
    # Which strand comes first means nothing; which bases share one does.
    if turned and kept:
        return "other phase", ", ".join(min(turned, kept, key=len))
    if only:
        return "assessed in one build only", ", ".join(only)
    return "unexplained", ""
