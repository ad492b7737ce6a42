"""Genes whose alleles are single variants, several of which may lie on one strand (DPYD, RYR1).

When the strands are known, each is given as the combination of its variants. When they are not,
the variants that were found are listed. Phenotype and guidance then go by the allele of lowest
function on each strand, or by the two lowest of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from apothecary.pharmacogenes.combinations import Explanation, Strand, combinable, explain, phasings
from apothecary.pharmacogenes.definitions import Gene
from apothecary.pharmacogenes.matcher import (
    UNKNOWN,
    Genotype,
    Genotypes,
    Match,
    Phase,
    match_key,
    name_key,
    ordered,
)

MISMATCH = (
    "HapB3: the exonic variant is seen without the intronic one, which decides; it is not counted"
)
EXONIC_ONLY = "HapB3: told from the exonic variant, since the intronic one was not assessed"

_FUNCTION_RANK = {"malignant hyperthermia associated": 0, "no function": 0, "normal function": 2}


@dataclass(frozen=True)
class Found:
    """The call of a lowest-function gene.

    Attributes:
        pairs: Diplotypes, when the strands are known.
        listed: Alleles that were found with the number of their copies, when they are not.
        warnings: What a reader must know.
    """

    pairs: tuple[Match, ...] = ()
    listed: tuple[tuple[str, int], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _HapB3:
    """DPYD HapB3: the position that decides, the one that stands in, and the alleles' names."""

    intron: int
    exon: int
    intron_bases: frozenset[str]
    exon_bases: frozenset[str]
    intron_allele: str
    whole_allele: str
    sizes: Mapping[str, int]

    def strand(self, intron: str | None, exon: str | None) -> tuple[str | None, str | None]:
        """The allele of one strand, and a warning."""
        has_exon = exon in self.exon_bases
        if intron is None or intron == UNKNOWN:
            return (self.whole_allele, EXONIC_ONLY) if has_exon else (None, None)
        if intron in self.intron_bases:
            return (self.whole_allele if has_exon else self.intron_allele), None
        return None, (MISMATCH if has_exon else None)

    def counts(
        self, intron: Genotype | None, exon: Genotype | None
    ) -> tuple[list[tuple[str, int]], list[str]]:
        """Copies of the alleles when strands are not known, and warnings."""
        exons = sum(b in self.exon_bases for b in exon.bases) if exon else 0
        if intron is None:
            return [(self.whole_allele, exons)], ([EXONIC_ONLY] if exons else [])
        introns = sum(b in self.intron_bases for b in intron.bases)
        whole = min(introns, exons)
        warnings = [MISMATCH] if exons > introns else []
        return [(self.intron_allele, introns - whole), (self.whole_allele, whole)], warnings


def call(gene: Gene, genotypes: Genotypes, phase: Phase) -> Found:
    """Call a lowest-function gene.

    Args:
        gene: The gene.
        genotypes: One for each defining position, undocumented bases already set to reference.
        phase: As `find_phase` gives it for all positions.

    Returns:
        Pairs of combinations when every heterozygous site is phased (in not too many phase sets)
        or there is one only, else the alleles found.
    """
    hapb3 = _find_hapb3(gene)
    rest = _without(gene, hapb3)
    if phase.effectively_phased or (phase.phased and combinable(phase)):
        return _call_strands(rest, hapb3, genotypes, phase)
    return _call_list(rest, hapb3, genotypes)


def lowest_pair(gene: Gene, rows: Sequence[Match], listed: bool) -> tuple[str, str | None] | None:
    """The two alleles that phenotype and guidance are looked up by.

    Args:
        gene: A lowest-function gene.
        rows: Its diplotypes, or its listed alleles (an allele on both strands stands twice).
        listed: Which of the two the rows are.

    Returns:
        The pair, as a diplotype is written, or None when there are no rows.
    """
    if not rows:
        return None
    if listed:
        found = [n for row in rows for n in (row.allele_1, row.allele_2) if n is not None]
        lowest = sorted(found, key=lambda name: _function_key(gene, name))[:2]
        return ordered(lowest[0], lowest[1] if len(lowest) > 1 else gene.reference_allele)
    pairs = []
    for row in rows:
        sides = [side for side in (row.allele_1, row.allele_2) if side is not None]
        picked = [min(_parts(side), key=lambda name: _function_key(gene, name)) for side in sides]
        pairs.append((picked[0], picked[1] if len(picked) > 1 else None))
    return ordered(*min(pairs, key=lambda pair: sum(_rank(gene, name) for name in pair if name)))


def _parts(name: str) -> list[str]:
    return name[1:-1].split(" + ") if name.startswith("[") else [name]


def _function_key(gene: Gene, name: str) -> tuple[object, ...]:
    return (_rank(gene, name), name_key(name))


def _rank(gene: Gene, name: str) -> float:
    """Activity value, or a rank of the function; what is not known lies between the two ends."""
    known = gene.functions.get(name)
    if known is None:
        return 1.0
    if known.activity is not None:
        try:
            return float(known.activity.lstrip("≥"))
        except ValueError:
            return 1.0
    return float(_FUNCTION_RANK.get((known.function or "").lower(), 1))


def _find_hapb3(gene: Gene) -> _HapB3 | None:
    intron = gene.rule_position("intronic_position")
    exon = gene.rule_position("exonic_position")
    if intron is None or exon is None:
        return None
    names: dict[bool, str] = {}
    for allele in gene.alleles:
        if not allele.reference and intron in allele.bases:
            names[exon in allele.bases] = allele.name
    if True not in names:
        return None
    reference = gene.alleles[0]
    return _HapB3(
        intron=intron,
        exon=exon,
        intron_bases=gene.positions[intron].known - reference.accepts[intron],
        exon_bases=gene.positions[exon].known - reference.accepts[exon],
        intron_allele=names.get(False, names[True]),
        whole_allele=names[True],
        sizes={a.name: len(a.bases) for a in gene.alleles if intron in a.bases},
    )


def _without(gene: Gene, hapb3: _HapB3 | None) -> Gene:
    if hapb3 is None:
        return gene
    own = {hapb3.intron_allele, hapb3.whole_allele}
    return replace(gene, alleles=tuple(a for a in gene.alleles if a.name not in own))


def _call_strands(gene: Gene, hapb3: _HapB3 | None, genotypes: Genotypes, phase: Phase) -> Found:
    best: dict[tuple[str, str | None], int] = {}
    warnings: set[str] = set()
    for strands in phasings(genotypes, phase):
        sides: list[list[Explanation]] = []
        for strand in strands[: 1 if phase.haploid else 2]:
            bases = list(strand)
            extra, warning = None, None
            if hapb3 is not None:
                extra, warning = hapb3.strand(bases[hapb3.intron], bases[hapb3.exon])
                bases[hapb3.intron] = bases[hapb3.exon] = None
            if warning:
                warnings.add(warning)
            size = hapb3.sizes[extra] if hapb3 is not None and extra is not None else 0
            named = [_with(gene, one, extra, size) for one in explain(gene, bases)]
            sides.append([_whole_reference(gene, one, strand) for one in named])
        for chosen in product(*sides):
            pair = ordered(chosen[0].name, chosen[1].name if len(chosen) > 1 else None)
            score = sum(one.score for one in chosen)
            best[pair] = max(best.get(pair, score), score)
    matches = [Match(*pair, score) for pair, score in best.items()]
    return Found(pairs=tuple(sorted(matches, key=match_key)), warnings=tuple(sorted(warnings)))


def _whole_reference(gene: Gene, found: Explanation, strand: Strand) -> Explanation:
    """Let a strand of reference count every position, those of HapB3 too."""
    if found.alleles != (gene.reference_allele,) or found.partials:
        return found
    return replace(found, score=sum(base is not None for base in strand))


def _with(gene: Gene, found: Explanation, extra: str | None, size: int) -> Explanation:
    """Add the HapB3 allele of a strand to what else is on it."""
    if extra is None:
        return found
    others = [name for name in found.alleles if name != gene.reference_allele]
    score = (found.score if others else 0) + size
    names = tuple(sorted([*others, extra], key=name_key))
    return Explanation(names, found.partials, score)


def _call_list(gene: Gene, hapb3: _HapB3 | None, genotypes: Genotypes) -> Found:
    copies: dict[str, int] = {}
    warnings: list[str] = []
    for allele in gene.alleles:
        if allele.reference:
            continue
        own = [i for i in allele.bases if genotypes[i] is not None]
        counts: list[int] = []
        for i in own:
            genotype = genotypes[i]
            if genotype is not None:
                counts.append(sum(base in allele.accepts[i] for base in genotype.bases))
        least = min(counts, default=0)
        if least:
            copies[allele.core] = max(copies.get(allele.core, 0), least)
    if hapb3 is not None:
        found, warnings = hapb3.counts(genotypes[hapb3.intron], genotypes[hapb3.exon])
        copies.update({name: count for name, count in found if count})
    if sum(copies.values()) < 2:
        copies[gene.reference_allele] = 2 - sum(copies.values())
    listed = sorted(copies.items(), key=lambda item: name_key(item[0]))
    return Found(listed=tuple(listed), warnings=tuple(sorted(warnings)))
