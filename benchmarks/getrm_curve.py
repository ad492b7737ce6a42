"""Coverage and accuracy of the calls by threshold, and why no frequency makes them surer.

The sites that were read are called anew at each threshold, with and without a frequency for the
alleles that have none. Counted are the genes with guidance and the truths that a caller of small
variants can give (`getrm_reasons.APART`).

The reference materials were chosen for the alleles that they carry. How far they differ from their
populations is told by the alleles that a file lacks the positions of: how many chromosomes of the
consensus have one, and how many would at the greatest frequency that any population has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import getrm_reasons
from getrm_scores import Names, plain

from apothecary.knowledge.pack import Pack
from apothecary.pharmacogenes.definitions import Gene
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings, genotype_of
from apothecary.pharmacogenes.evidence import NOTHING, SiteEvidence, of_row
from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies

THRESHOLDS = (0.95, 0.98, 0.99, 0.995, 0.998)
UNKNOWN = (0.0, 0.0005, 0.003)
SETTINGS = MatchSettings(mode="posterior", call_cyp2d6=True)

Row = Mapping[str, Any]
Key = tuple[str, str]
"""Sample and gene."""
Calls = dict[Key, list[dict[str, Any]]]
Judge = Callable[[Key, list[dict[str, Any]]], bool | None]
"""Whether the best diplotype is right; None when it has no part in the figures."""


@dataclass(frozen=True)
class Known:
    """What calls are judged by: genes by name, knowledge, and the names of the consensus."""

    genes: Mapping[str, Gene]
    pack: Pack
    names: Names
    vocabulary: Mapping[str, Collection[str]]


def told(
    truth: Mapping[Key, str], sites: Mapping[Key, Mapping[str, Row]], known: Known
) -> Iterator[str]:
    """Lines on a source of genotypes.

    Args:
        truth: Clean diplotype by sample and gene.
        sites: Rows of the table sites by sample and gene, and by position.
        known: What calls are judged by.
    """
    frequencies = Frequencies.from_pack(known.pack)
    alleles = known.pack.rows("pgx_alleles")

    def right(key: Key, rows: list[dict[str, Any]]) -> bool | None:
        gene, shown = key[1], rows[0]["diplotype"]
        if shown is not None and plain(gene, shown, known.names) == truth[key]:
            return True
        kind, _ = getrm_reasons.reason(
            known.genes[gene],
            truth[key],
            shown or "",
            sites[key],
            known.vocabulary[gene],
            alleles,
        )
        return None if kind in getrm_reasons.APART else False

    own = {key: sites[key] for key in truth if key in sites}
    yield from lines(own, known.genes, frequencies, right)
    used = {gene for _, gene in truth}
    for gene, found, expected, of in carriers(truth, sites, known.genes, frequencies, used):
        if found or expected >= 1:
            yield (
                f"{gene}, alleles of positions not assessed: {found} of {of} chromosomes, "
                f"{expected:.1f} expected at most"
            )


def called(
    sites: Mapping[Key, Mapping[str, Row]],
    genes: Mapping[str, Gene],
    frequencies: Frequencies,
    settings: MatchSettings,
    populations: Mapping[str, str] | None = None,
) -> Calls:
    """Rows of the table diplotypes from sites that were read, by sample and gene."""
    caller = GeneCaller(settings, frequencies)
    found: Calls = {}
    for (sample, name), own in sites.items():
        population = (populations or {}).get(sample)
        evidence = _evidence(genes[name], own)
        rows = caller.call_evidence(genes[name], evidence, population=population)
        found[sample, name] = list(rows)
    return found


def _evidence(gene: Gene, sites: Mapping[str, Row]) -> tuple[SiteEvidence, ...]:
    found = []
    for position in gene.positions:
        row = sites.get(position.position_id)
        genotype = genotype_of(row) if row is not None else None
        found.append(of_row(row, genotype) if row is not None and genotype else NOTHING)
    return tuple(found)


def lines(
    sites: Mapping[Key, Mapping[str, Row]],
    genes: Mapping[str, Gene],
    frequencies: Frequencies,
    judge: Judge,
) -> Iterator[str]:
    """A line for each frequency of alleles that have none: right of called by threshold."""
    lowest = min(THRESHOLDS)
    for unknown in UNKNOWN:
        settings = replace(SETTINGS, unknown_frequency=unknown, call_threshold=lowest)
        counts = Counter[tuple[float, bool]]()
        comparable = 0
        for key, rows in called(sites, genes, frequencies, settings).items():
            right = judge(key, rows)
            comparable += right is not None
            if right is None or rows[0].get("decision") != "called":
                continue
            for threshold in THRESHOLDS:
                counts[threshold, right] += (rows[0]["posterior"] or 0.0) >= threshold
        told = []
        for threshold in THRESHOLDS:
            right, wrong = counts[threshold, True], counts[threshold, False]
            share = f" = {right / (right + wrong):.4f}" if right + wrong else ""
            told.append(f"{threshold:g}: {right}/{right + wrong}{share}")
        yield (
            f"unknown_frequency {unknown:g}, of {comparable}, right of called at {', '.join(told)}"
        )


def carriers(
    truth: Mapping[Key, str],
    sites: Mapping[Key, Mapping[str, Row]],
    genes: Mapping[str, Gene],
    frequencies: Frequencies,
    wanted: Collection[str],
) -> Iterator[tuple[str, int, float, int]]:
    """Alleles of which a variant was not assessed: found in the consensus, and expected.

    Args:
        truth: Clean diplotype by sample and gene; empty when there is none.
        sites: Rows of the table sites by sample and gene, and by position.
        genes: The genes by name.
        frequencies: Those of the prior, which no sample of the consensus has a part in.
        wanted: Genes to tell.

    Yields:
        Gene, chromosomes found, chromosomes expected at most, chromosomes looked at.
    """
    for name in sorted(wanted):
        gene, found, expected, looked_at = genes[name], 0, 0.0, 0
        rates = _greatest(gene, frequencies)
        for (sample, other), diplotype in truth.items():
            own = sites.get((sample, other))
            if other != name or not diplotype or own is None:
                continue
            hidden = _hidden(gene, own)
            looked_at += 2
            found += sum(allele in hidden for allele in diplotype.split("/"))
            expected += 2 * sum(rates.get(allele, 0.0) for allele in hidden)
        yield name, found, expected, looked_at


def _greatest(gene: Gene, frequencies: Frequencies) -> dict[str, float]:
    """Frequency of each allele in the population that it is most frequent in."""
    found: dict[str, float] = {}
    for population in POPULATIONS:
        total = frequencies.chromosomes.get((gene.name, population), 0)
        for allele, count in frequencies.counts.get((gene.name, population), {}).items():
            found[allele] = max(found.get(allele, 0.0), count / total if total else 0.0)
    return found


def _hidden(gene: Gene, sites: Mapping[str, Row]) -> set[str]:
    """Alleles with a variant at a position that was not assessed."""
    missing = {
        i
        for i, position in enumerate(gene.positions)
        if (row := sites.get(position.position_id)) is None or genotype_of(row) is None
    }
    reference = gene.alleles[0].accepts
    return {
        allele.core
        for allele in gene.alleles
        if any(i in missing and not allele.accepts[i] & reference[i] for i in allele.bases)
    }
