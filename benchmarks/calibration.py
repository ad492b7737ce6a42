"""How well the posterior of diplotypes is calibrated: reliability curve and Brier score.

    python benchmarks/calibration.py [--pairs N] [--seed N]
    APOTHECARY_SHARED=... python benchmarks/calibration.py --getrm

Simulated: for every gene, pairs of alleles are drawn from the allele frequencies of a population
that is drawn first, the genotypes follow from the definitions, and none, some or many positions
are not assessed; half of the samples are phased. Measured is the best diplotype: its posterior
against whether it is the one drawn. The score of Brier is the mean of (posterior - right) squared.
With --getrm the same for real genomes against the GeT-RM consensus, with the names of getrm.py.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

import getrm
import numpy as np

from apothecary.knowledge import build
from apothecary.pharmacogenes.definitions import Gene, from_pack
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings
from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies
from apothecary.pharmacogenes.matcher import Genotype, ordered

ROOT = Path(__file__).resolve().parents[1]
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0001)
MISSING = (0.0, 0.1, 0.4)
SETTINGS = MatchSettings(mode="posterior", call_cyp2d6=True)

Outcome = tuple[float, bool, bool]
"""Posterior of the best diplotype, whether it is right, and whether it was called."""


def simulated(
    gene: Gene, caller: GeneCaller, frequencies: Frequencies, pairs: int, seed: int
) -> list[Outcome]:
    """Outcomes of pairs drawn from the prior of a gene."""
    random = np.random.default_rng(seed)
    prior = frequencies.prior(gene, SETTINGS.pseudocount, SETTINGS.undefined_rate)
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


def real(pack: Path, data: Path) -> dict[str, list[Outcome]]:
    """Outcomes of the GeT-RM genomes by gene."""
    names = {
        (row["gene"], row["name"]): row["current"]
        for row in getrm.read(getrm.HERE / "getrm_names.tsv")
    }
    found: dict[str, list[Outcome]] = defaultdict(list)
    truth = {
        (row["sample"], row["gene"]): row["clean_diplotype"]
        for row in getrm.read(data / "getrm_truth.tsv")
        if row["clean_diplotype"] and row["gene"] != "DPYD"
    }
    calls = getrm.gvcfs(data, pack, {gene for _, gene in truth}, "posterior", None)
    for (sample, gene), expected in truth.items():
        rows = calls.get((sample, gene), [])
        if rows and rows[0]["diplotype"] is not None:
            right = getrm.plain(gene, expected, names)
            best = getrm.plain(gene, rows[0]["diplotype"], names)
            found[gene].append(
                (float(rows[0]["posterior"]), best == right, rows[0]["decision"] == "called")
            )
    return found


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
    parser.add_argument("--getrm", action="store_true", help="real genomes instead")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pack = build.build(ROOT / "resources" / "knowledge", Path(folder))
        if arguments.getrm:
            if not os.environ.get("APOTHECARY_SHARED"):
                sys.exit("APOTHECARY_SHARED is not set: the genotypes and truth are not at hand")
            print("GeT-RM, gVCF")
            told(real(Path(folder), Path(os.environ["APOTHECARY_SHARED"]) / "data" / "getrm"))
            return
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


if __name__ == "__main__":
    main()
