"""How well the posterior of diplotypes is calibrated: reliability curve and Brier score.

    [APOTHECARY_SHARED=...] python benchmarks/calibration.py [--pairs N] [--seed N]

Simulated: for every gene, pairs of alleles are drawn from the allele frequencies of a population
that is drawn first, the genotypes follow from the definitions, and none, some or many positions
are not assessed; half of the samples are phased. Measured is the best diplotype: its posterior
against whether it is the one drawn. The score of Brier is the mean of (posterior - right) squared.

Alleles whose frequency is not known are drawn as often as the setting `unknown_frequency` says.
What it is good for is told next: they are drawn as often as each of `UNKNOWN` says, 0 for never
more than others that were not counted, and called with each of these values as the setting.

Then, where APOTHECARY_SHARED is set, the same for real genomes (gVCF) against the clean diplotypes
of the GeT-RM consensus, with the names of getrm.py.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import getrm
import getrm_reasons
import getrm_scores
import numpy as np

from apothecary.knowledge import build
from apothecary.knowledge.pack import Pack
from apothecary.pharmacogenes.definitions import Gene, from_pack
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings
from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies
from apothecary.pharmacogenes.matcher import Genotype, ordered

ROOT = Path(__file__).resolve().parents[1]
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0001)
MISSING = (0.0, 0.1, 0.4)
UNKNOWN = (0.0, 0.001, 0.003)
SETTINGS = MatchSettings(mode="posterior", call_cyp2d6=True)

Outcome = tuple[float, bool, bool]
"""Posterior of the best diplotype, whether it is right, and whether it was called."""


def simulated(
    gene: Gene,
    caller: GeneCaller,
    frequencies: Frequencies,
    pairs: int,
    seed: int,
    unknown: float = SETTINGS.unknown_frequency,
) -> list[Outcome]:
    """Outcomes of pairs drawn from the prior of a gene; `unknown` as in the settings."""
    random = np.random.default_rng(seed)
    prior = frequencies.prior(gene, SETTINGS.pseudocount, SETTINGS.undefined_rate, unknown)
    found = []
    for number in range(pairs):
        chances = prior.alleles[random.integers(len(POPULATIONS))]
        chosen = random.choice(len(gene.alleles), 2, p=chances / chances.sum())
        share, phased = MISSING[number % len(MISSING)], bool(number // len(MISSING) % 2)
        genotypes: list[Genotype | None] = []
        for i, position in enumerate(gene.positions):
            bases = []
            for a in chosen:
                accepted = sorted(gene.alleles[a].accepts[i])
                known = prior.wobbles.get((gene.alleles[a].name, position.position_id), {})
                weights = np.array([known.get(base, 1.0) for base in accepted])
                bases.append(str(random.choice(accepted, p=weights / weights.sum())))
            pair = tuple(bases) if phased else tuple(sorted(bases))
            genotypes.append(None if random.random() < share else Genotype(pair, phased))
        first, second = ordered(*(gene.alleles[a].core for a in chosen))
        row = caller.call(gene, tuple(genotypes), "F")[0]
        if row["diplotype"] is not None:
            right = row["diplotype"] == f"{first}/{second}"
            found.append((float(row["posterior"]), right, row["decision"] == "called"))
    return found


def worlds(genes: Iterable[Gene], frequencies: Frequencies, pairs: int, seed: int) -> Iterator[str]:
    """Calls by what alleles of unknown frequency are taken for, and by what they are."""
    own = list(genes)
    for assumed in UNKNOWN:
        caller = GeneCaller(replace(SETTINGS, unknown_frequency=assumed), frequencies)
        for true in UNKNOWN:
            found = [
                outcome
                for gene in own
                for outcome in simulated(gene, caller, frequencies, pairs, seed, true)
            ]
            yield f"taken for {assumed:g}, are {true:g}: {_scores(found)}"


def real(pack: Pack, data: Path) -> tuple[dict[str, list[Outcome]], dict[str, list[Outcome]]]:
    """Outcomes of the GeT-RM genomes by gene: of all, and without those put apart.

    Put apart are best diplotypes other than the consensus where no caller of small variants could
    give it (`getrm_reasons.APART`): older names, structure, genotypes that contradict it.
    """
    names = {
        (row["gene"], row["name"]): row["current"]
        for row in getrm.read(getrm.HERE / "getrm_names.tsv")
    }
    genes = {gene.name: gene for gene in from_pack(pack).matched}
    truth = getrm.consensus(data, genes, names)
    vocabulary, alleles = getrm.vocabulary(truth), pack.rows("pgx_alleles")
    result = getrm.gvcfs(data, pack.folder, truth, "posterior", None)
    everything: dict[str, list[Outcome]] = defaultdict(list)
    comparable: dict[str, list[Outcome]] = defaultdict(list)
    for (sample, gene), right in truth.items():
        rows = result.calls.get((sample, gene), [])
        # A gene without allele frequencies is called, but has no posterior.
        if not right.clean or not rows or None in (rows[0]["diplotype"], rows[0]["posterior"]):
            continue
        given = rows[0]["diplotype"]
        same = getrm_scores.plain(gene, given, names) == right.clean
        outcome = (float(rows[0]["posterior"]), same, rows[0]["decision"] == "called")
        everything[gene].append(outcome)
        kind, _ = getrm_reasons.reason(
            genes[gene],
            right.clean,
            given,
            result.sites.get((sample, gene), {}),
            vocabulary[gene],
            alleles,
        )
        if same or kind not in getrm_reasons.APART:
            comparable[gene].append(outcome)
    return everything, comparable


def told(outcomes: Mapping[str, Iterable[Outcome]]) -> None:
    """Print the scores by gene and the reliability curve of all."""
    whole: list[Outcome] = []
    for gene, own in sorted(outcomes.items()):
        made = list(own)
        whole += made
        print(f"  {gene:9} {_scores(made)}")
    print(f"  {'all':9} {_scores(whole)}")
    print("  posterior        samples   mean posterior   right")
    for low, high in pairwise(EDGES):
        inside = [(p, right) for p, right, _ in whole if low <= p < high]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            right = sum(r for _, r in inside) / len(inside)
            span = f"{low:g} to {min(high, 1):g}"
            print(f"  {span:16} {len(inside):7}   {mean:14.4f}   {right:.4f}")


def _scores(outcomes: list[Outcome]) -> str:
    if not outcomes:
        return "no candidate"
    brier = sum((p - right) ** 2 for p, right, _ in outcomes) / len(outcomes)
    called = [right for _, right, sure in outcomes if sure]
    accuracy = f"{sum(called) / len(called):.4f}" if called else "-"
    return (
        f"Brier {brier:.4f}, called {len(called) / len(outcomes):.3f}, right of these {accuracy} "
        f"({len(outcomes)} samples)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300, help="pairs a gene (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (%(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pack = build.build(ROOT / "resources" / "knowledge", Path(folder))
        frequencies = Frequencies.from_pack(pack)
        caller = GeneCaller(SETTINGS, frequencies)
        genes = [
            gene
            for gene in from_pack(pack, research_genes=False).matched
            if gene.kind != "lowest_function" and gene.name in frequencies.sources
        ]
        print(f"simulated, {arguments.pairs} pairs a gene, seed {arguments.seed}")
        told(
            {
                gene.name: simulated(gene, caller, frequencies, arguments.pairs, arguments.seed)
                for gene in genes
            }
        )
        affected = [gene for gene in genes if frequencies.unobserved.get(gene.name)]
        print(f"alleles of unknown frequency, {len(affected)} genes that have some")
        for line in worlds(affected, frequencies, arguments.pairs // 3, arguments.seed):
            print(f"  {line}")
        shared = os.environ.get("APOTHECARY_SHARED")
        if not shared:
            print("GeT-RM: APOTHECARY_SHARED is not set, so that it is left out")
            return
        everything, comparable = real(pack, Path(shared) / "data" / "getrm")
        print("GeT-RM, gVCF, all")
        told(everything)
        print("GeT-RM, gVCF, without what no caller of small variants could give as the consensus")
        told(comparable)


if __name__ == "__main__":
    main()
