"""Which signatures explain a catalogue: non-negative least squares with few signatures.

Signatures are taken away, one at a time and the least needed first, while what is left explains the
catalogue nearly as well; then one is added where it explains much more, and the two are repeated
until nothing changes. How well is the Euclidean distance of catalogue and fit over the length of
the catalogue; the penalties say what counts as nearly as well and as much more. The program
SigProfilerAssignment goes the same way; benchmarks/signatures.py holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Penalties:
    """When a signature stays.

    Attributes:
        first_removal: Relative error that the first round of removals may add.
        removal: The same for later rounds.
        addition: Relative error that an added signature must take away.
    """

    first_removal: float
    removal: float
    addition: float


def refit(catalogue: Numbers, matrix: Numbers, penalties: Penalties) -> Numbers:
    """Exposures that explain a catalogue.

    Args:
        catalogue: Mutations by type, at least one.
        matrix: Types by signatures; each column sums to one.
        penalties: When a signature stays.

    Returns:
        Mutations by signature, zero for those that were not needed; they sum to the catalogue's.
    """
    length = float(np.linalg.norm(catalogue))
    everything, _ = nnls(matrix, catalogue)
    chosen = [int(i) for i in np.flatnonzero(everything)]
    chosen = _without(catalogue, matrix, chosen, penalties.first_removal, length)
    for _ in range(matrix.shape[1]):
        before = list(chosen)
        chosen = _with(catalogue, matrix, chosen, penalties.addition, length)
        chosen = _without(catalogue, matrix, chosen, penalties.removal, length)
        if chosen == before:
            break
    exposures = np.zeros(matrix.shape[1])
    exposures[chosen] = nnls(matrix[:, chosen], catalogue)[0]
    scaled: Numbers = exposures * (catalogue.sum() / exposures.sum())
    return scaled


def _error(catalogue: Numbers, matrix: Numbers, chosen: Sequence[int], length: float) -> float:
    return float(nnls(matrix[:, list(chosen)], catalogue)[1]) / length


def _without(
    catalogue: Numbers, matrix: Numbers, chosen: list[int], penalty: float, length: float
) -> list[int]:
    error = _error(catalogue, matrix, chosen, length)
    while len(chosen) > 1:
        trials = [
            (_error(catalogue, matrix, [j for j in chosen if j != i], length), i) for i in chosen
        ]
        least, gone = min(trials)
        if least - error > penalty:
            break
        chosen = [i for i in chosen if i != gone]
        error = least
    return chosen


def _with(
    catalogue: Numbers, matrix: Numbers, chosen: list[int], penalty: float, length: float
) -> list[int]:
    error = _error(catalogue, matrix, chosen, length)
    others = [i for i in range(matrix.shape[1]) if i not in chosen]
    trials = [(_error(catalogue, matrix, sorted([*chosen, i]), length), i) for i in others]
    least, added = min(trials, default=(error, -1))
    return sorted([*chosen, added]) if error - least > penalty else chosen


def bootstrap(
    catalogue: Numbers, matrix: Numbers, penalties: Penalties, rounds: int, seed: int
) -> Numbers:
    """Shares of the signatures in catalogues drawn again from this one.

    Args:
        catalogue: Mutations by type.
        matrix: Types by signatures.
        penalties: When a signature stays.
        rounds: How many catalogues are drawn.
        seed: Seed of the draws.

    Returns:
        Rounds by signatures; each row sums to one.
    """
    dice = np.random.default_rng(seed)
    total = int(catalogue.sum())
    drawn = dice.multinomial(total, catalogue / catalogue.sum(), size=rounds)
    return np.array([refit(d.astype(float), matrix, penalties) for d in drawn]) / total


def cosine(a: Numbers, b: Numbers) -> float:
    """Cosine similarity."""
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
