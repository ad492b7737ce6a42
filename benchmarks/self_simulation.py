"""Every pair of alleles of every gene, made from the definitions and called again.

    python benchmarks/self_simulation.py [--pairs N] [--gene GENE ...] [--mode posterior] [--jobs N]

Genotypes of a pair are written phased and unphased, with no site, one site and a quarter of the
sites missing, and called in compatible mode. *Exact*: one answer and the right one. *Among*: the
right one stands among several that are given. *Lower*: the right pair fits, but another pair that
fits as well defines more positions and is given instead. *No site*: the one position of a gene is
missing, and nothing is called. A miss is explained when every pair that
is given has the very genotypes that were called, so that the definitions cannot tell them apart;
what is not explained is listed, and the exit status is 1.

All pairs of all genes are taken; with `--pairs N`, of a gene with more pairs than N every k-th,
in their order. The peers' suites that the figures stand beside: `self_simulation_peers.tsv`.

With `--mode posterior` the same genotypes are called by their posterior, in the mixture of all
populations: *exact* is the right pair called, *among* the right pair in what is shown, and a rare
pair may well be given up for a frequent one that fits as well (*lower*).
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import combinations_with_replacement
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary.knowledge import build, pack  # noqa: E402
from apothecary.pharmacogenes import definitions  # noqa: E402
from apothecary.pharmacogenes.definitions import Allele, Gene  # noqa: E402
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings  # noqa: E402
from apothecary.pharmacogenes.frequencies import Frequencies  # noqa: E402
from apothecary.pharmacogenes.matcher import Genotype, components, ordered  # noqa: E402

PAIRS_A_CALLER = 500
MISSING = ("none", "one", "quarter")
OUTCOMES = ("exact", "among", "lower", "no site", "unexplained")
Genotypes = tuple[Genotype | None, ...]
Bases = tuple[str, ...]
# Equal genotypes are one object: a caller remembers all that it has seen.
_genotype = cache(Genotype)


def bases_of(gene: Gene, allele: Allele) -> Bases:
    """The bases of an allele at every defining position; of a wobble, one that is not reference."""
    made = []
    for i, position in enumerate(gene.positions):
        accepted = sorted(allele.accepts[i])
        others = [base for base in accepted if base != position.ref]
        made.append(others[0] if i in allele.bases and others else accepted[0])
    return tuple(made)


def genotypes_of(
    gene: Gene, bases: tuple[Bases, Bases], phased: bool, missing: str, turn: int
) -> Genotypes:
    """The genotypes of a pair of strands, with sites left out in turn."""
    count = len(gene.positions)
    step = {"none": 0, "one": count, "quarter": 4}[missing]
    left_out = {i for i in range(count) if step and (i + turn) % step == 0}
    if any(gene.positions[i].required for i in left_out):
        left_out -= {i for i in left_out if gene.positions[i].required}
    return tuple(
        None if i in left_out else _genotype(pair if phased else tuple(sorted(pair)), phased)
        for i, pair in enumerate(zip(*bases, strict=True))
    )


def answers(gene: Gene, rows: list[dict]) -> list[tuple[str | None, ...]]:
    """The pairs that were given; for a list of alleles, what it allows as one entry."""
    called = [row for row in rows if row["diplotype"] is not None]
    if called and gene.kind == "lowest_function" and not called[0]["effectively_phased"]:
        found = [n for r in called for n in (r["allele_1"], r["allele_2"]) if n]
        return [tuple(sorted(set(found)))]
    return [ordered(row["allele_1"], row["allele_2"]) for row in called]


def truth_of(gene: Gene, one: Allele, other: Allele, listed: bool) -> tuple[str, ...]:
    """The pair as it should be given."""
    if listed:
        return tuple(sorted({one.core, other.core} - {gene.reference_allele}))
    return ordered(one.core, other.core)


def pairs_of(gene: Gene, limit: int) -> Iterator[tuple[int, Allele, Allele]]:
    """The pairs of alleles of a gene, at most `limit`, evenly taken."""
    pairs = list(combinations_with_replacement(gene.alleles, 2))
    step = max(1, -(-len(pairs) // limit)) if limit else 1
    for turn, (one, other) in enumerate(pairs[::step]):
        yield turn, one, other


def explained(gene: Gene, genotypes: Genotypes, given: list[tuple[str, ...]]) -> bool:
    """Whether every answer fits the genotypes by the definitions alone, site by site."""
    by_core: dict[str, list[Allele]] = {}
    for allele in gene.alleles:
        by_core.setdefault(allele.core, []).append(allele)

    def fits(pair: tuple[str, ...]) -> bool:
        names = [components(name) for name in pair if name]
        if any(len(parts) != 1 for parts in names) or len(names) != 2:
            return False
        return any(
            _same(genotypes, a, b) or _same(genotypes, b, a)
            for a in by_core[names[0][0]]
            for b in by_core[names[1][0]]
        )

    return bool(given) and all(fits(pair) for pair in given)


def _same(genotypes: Genotypes, one: Allele, other: Allele) -> bool:
    for i, seen in enumerate(genotypes):
        if seen is None:
            continue
        first, second = seen.bases
        straight = first in one.accepts[i] and second in other.accepts[i]
        crossed = second in one.accepts[i] and first in other.accepts[i]
        if not (straight or (crossed and not seen.phased)):
            return False
    return True


def simulate(
    gene: Gene, limit: int, make: Callable[[], GeneCaller], part: int = 0, parts: int = 1
) -> tuple[Counter, list[str]]:
    """Call every pair of a gene in every form, or those of one of several parts.

    Returns:
        Counts by (missing, outcome), and a line for each miss that the definitions do not explain.
    """
    counts: Counter = Counter()
    unexplained = []
    strands = {allele.name: bases_of(gene, allele) for allele in gene.alleles}
    for turn, one, other in pairs_of(gene, limit):
        if turn // PAIRS_A_CALLER % parts != part:
            continue
        if turn % PAIRS_A_CALLER == 0:
            # A caller remembers all that it has seen.
            caller = make()
        pair = (strands[one.name], strands[other.name])
        for phased in (True, False):
            for missing in MISSING:
                genotypes = genotypes_of(gene, pair, phased, missing, turn)
                given = answers(gene, list(caller.call(gene, genotypes, "F")))
                listed = bool(given) and gene.kind == "lowest_function" and not phased
                listed = listed and sum(bool(g and g.heterozygous) for g in genotypes) > 1
                truth = truth_of(gene, one, other, listed)
                if given == [truth]:
                    outcome = "exact"
                elif truth in given:
                    outcome = "among"
                elif not given and not any(genotypes):
                    outcome = "no site"
                elif (listed and missing != "none") or explained(gene, genotypes, given):
                    outcome = "lower"
                else:
                    outcome = "unexplained"
                    form = "phased" if phased else "unphased"
                    unexplained.append(
                        f"{gene.name} {one.name}/{other.name}, {form}, missing {missing}: {given}"
                    )
                counts[missing, outcome] += 1
    return counts, unexplained


def _shared_out(
    gene: Gene, limit: int, make: Callable[[], GeneCaller], jobs: int
) -> tuple[Counter, list[str]]:
    """What `simulate` gives, the pairs shared out among processes."""
    if jobs == 1:
        return simulate(gene, limit, make)
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(partial(simulate, gene, limit, make, parts=jobs), range(jobs)))
    counts = sum((own for own, _ in found), Counter())
    return counts, [line for _, lines in found for line in lines]


def _cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main() -> int:
    """Print the counts by gene and in sum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=0, help="pairs a gene; all when not given")
    parser.add_argument("--mode", choices=("compatible", "posterior"), default="compatible")
    parser.add_argument("--gene", action="append", help="only this gene")
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    arguments = parser.parse_args()
    folder = ROOT / "build" / "knowledge"
    build.build(ROOT / "resources" / "knowledge", folder)
    knowledge = pack.load(folder)
    matched = definitions.from_pack(knowledge, research_genes=False).matched
    frequencies = Frequencies.from_pack(knowledge)
    settings = MatchSettings(mode=arguments.mode, call_cyp2d6=True)
    # Mitochondrial genes have variants in shares of the reads, not pairs of alleles.
    genes = [gene for gene in matched if gene.kind != "mitochondrial"]
    total: Counter = Counter()
    lines: list[str] = []
    start = _cpu()
    print("\t".join(("gene", "missing", "cases", *OUTCOMES)))
    for gene in genes:
        if arguments.gene and gene.name not in arguments.gene:
            continue
        counts, unexplained = _shared_out(
            gene, arguments.pairs, partial(GeneCaller, settings, frequencies), arguments.jobs
        )
        total += counts
        lines += unexplained
        _print(gene.name, counts)
    _print("all", total)
    some = [kind for kind in MISSING if kind != "none"]
    cases = sum(total[kind, outcome] for kind in some for outcome in OUTCOMES)
    print(f"some sites missing: {sum(total[k, 'exact'] for k in some)} of {cases} exact")
    print(f"{_cpu() - start:.0f} CPU-s")
    with (Path(__file__).parent / "self_simulation_peers.tsv").open() as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            print(
                f"{row['peer']}, {row['missing']} missing: {row['exact']} of {row['cases']} exact"
            )
    for line in lines[:50]:
        print(f"unexplained: {line}")
    return 1 if lines else 0


def _print(name: str, counts: Counter) -> None:
    for missing in MISSING:
        found = {o: counts[missing, o] for o in OUTCOMES}
        print(f"{name}\t{missing}\t{sum(found.values())}\t" + "\t".join(map(str, found.values())))


if __name__ == "__main__":
    sys.exit(main())
