"""Fit how likely a colorectal tumor is MSI-high by its number of mutations, and print how well.

    APOTHECARY_SHARED=... python benchmarks/msi_model.py [--out resources/biomarkers/msi_model.tsv]

The cases are colorectal tumors of TCGA with the scores of two programs (MSIsensor, MANTIS) and the
number of mutations of their exomes. No threshold is taken from elsewhere: for each score the cut
is where it parts the cases best (Otsu); a case on which the two cuts disagree is left out of the
fit. The model is logistic in log10 of the number of mutations.
"""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

Numbers = npt.NDArray[np.float64]
SOURCE = "benchmarks/msi_model.py on tcga_coad_msi_tmb.tsv (TCGA COAD and READ; MSIsensor, MANTIS)"
# A tumor without a counted mutation has no logarithm.
LEAST_COUNT = 1.0


def main() -> None:
    """Fit, print, and write the coefficients where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path)
    out = parser.parse_args().out
    path = Path(os.environ["APOTHECARY_SHARED"], "cases", "onco", "tcga_coad_msi_tmb.tsv")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    names = ("MSIsensor Score", "MSI MANTIS Score", "maftools_tcga_total_mutations")
    whole = [row for row in rows if all(row[name] not in ("", "NA") for name in names)]
    sensor, mantis, counts = (np.array([float(row[n]) for row in whole]) for n in names)
    cuts = (otsu(sensor), otsu(mantis))
    by_sensor, by_mantis = sensor >= cuts[0], mantis >= cuts[1]
    agreed = by_sensor == by_mantis
    log_counts = np.log10(np.maximum(counts, LEAST_COUNT))[agreed]
    high = by_sensor[agreed].astype(float)
    intercept, slope = fit(log_counts, high)
    chance = expit(intercept + slope * log_counts)
    print(f"cases {len(rows)}, with both scores and a count {len(whole)}")
    print(f"cut of MSIsensor {cuts[0]:.2f}, of MANTIS {cuts[1]:.3f}; agreed {int(agreed.sum())}")
    print(f"MSI-high {int(high.sum())}; intercept {intercept:.4f}, slope {slope:.4f}")
    for name, chosen in (("MSI-high", high == 1), ("not MSI-high", high == 0)):
        of = chance[chosen]
        likely, unlikely = (of >= 0.5).mean(), (of <= 0.05).mean()
        print(f"{name}: probability >= 0.5 {likely:.3f}, <= 0.05 {unlikely:.3f}")
    if out:
        values = {
            "intercept": intercept,
            "log10_mutations": slope,
            "unstable_percent_cut": cuts[0],
            "cases": float(agreed.sum()),
        }
        lines = [f"{name}\t{value:.6g}\t{SOURCE}" for name, value in values.items()]
        out.write_text("name\tvalue\tsource\n" + "\n".join(lines) + "\n", encoding="utf-8")


def otsu(scores: Numbers) -> float:
    """The cut that parts scores into two groups with the least variance within them."""
    ordered = np.unique(scores)
    middles = (ordered[1:] + ordered[:-1]) / 2
    within = [
        sum(part.size * part.var() for part in (scores[scores < m], scores[scores >= m]))
        for m in middles
    ]
    return float(middles[int(np.argmin(within))])


def fit(values: Numbers, truth: Numbers) -> tuple[float, float]:
    """Intercept and slope of the greatest likelihood."""

    def loss(of: Numbers) -> float:
        linear = of[0] + of[1] * values
        return float(np.sum(np.logaddexp(0, linear) - truth * linear))

    found = minimize(loss, np.zeros(2)).x
    return float(found[0]), float(found[1])


if __name__ == "__main__":
    main()
