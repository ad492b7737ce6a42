"""Mutational signatures of a tumor, each with its share, bootstrap and group."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from apothecary.oncogenes.biomarkers import catalogues, refit
from apothecary.oncogenes.biomarkers.catalogues import Catalogue
from apothecary.oncogenes.biomarkers.refit import Penalties
from apothecary.oncogenes.biomarkers.resources import Matrix, Resources

ASSIGNED = "assigned"
UNCERTAIN = "uncertain"
NOT_ASSESSED = "not_assessed"
_QUANTILES = (0.025, 0.975)


def assess(
    found: Mapping[str, Catalogue],
    assay: str,
    resources: Resources,
    settings: Mapping[str, Any],
    seed: str,
    unknown: str,
) -> list[dict[str, Any]]:
    """The signatures of a tumor.

    Args:
        found: Its catalogues; see `catalogues.of_tumor`.
        assay: genome takes the signatures of whole genomes, every other those of exomes.
        resources: The signatures.
        settings: The part `biomarkers.signatures` of the configuration.
        seed: Text that the draws of the bootstrap follow from, so that a rerun gives the same.
        unknown: Why the reference context of mutations is not known, in words.

    Returns:
        Rows of the table signatures, without the sample; one without a signature for a catalogue
        that was not assessed.
    """
    kind_of_assay = "genome" if assay == "genome" else "exome"
    rows = []
    for name in catalogues.KINDS:
        matrix = resources.matrices[name, kind_of_assay]
        rows += _of_catalogue(name, found[name], matrix, resources, settings, seed, unknown)
    return rows


def _of_catalogue(
    name: str,
    catalogue: Catalogue,
    matrix: Matrix,
    resources: Resources,
    settings: Mapping[str, Any],
    seed: str,
    unknown: str,
) -> list[dict[str, Any]]:
    least = settings["min_mutations"][name]
    seen = {
        "catalogue": name,
        "mutations": catalogue.mutations,
        "without_context": catalogue.without_context,
        "matrix": matrix.source,
    }
    missing = ""
    if catalogue.without_context:
        every = catalogue.mutations + catalogue.without_context
        missing = f"{catalogue.without_context} of {every} mutations have no known context{unknown}"
    if catalogue.mutations < least:
        few = f"{catalogue.mutations} mutations, fewer than {least}"
        return [_row(seen, "", NOT_ASSESSED, "; ".join(filter(None, (few, missing))))]
    counts = np.array([catalogue.counts[kind] for kind in matrix.types], dtype=float)
    penalties = Penalties(settings["first_removal"], settings["removal"], settings["addition"])
    exposures = refit.refit(counts, matrix.values, penalties)
    drawn = refit.bootstrap(
        counts, matrix.values, penalties, settings["bootstraps"], _seed(f"{seed} {name}")
    )
    low, high = np.quantile(drawn, _QUANTILES, axis=0)
    similarity = refit.cosine(counts, matrix.values @ exposures)
    far = similarity < settings["min_cosine"]
    poor = f"the fit explains the catalogue poorly (cosine {similarity:.2f})" if far else ""
    rows = []
    for at in np.flatnonzero(exposures):
        signature = matrix.signatures[at]
        status = ASSIGNED if low[at] > 0 and not far else UNCERTAIN
        row = _row(seen, signature, status, "; ".join(filter(None, (poor, missing))))
        rows.append(
            row
            | {
                "exposure": float(exposures[at]),
                "fraction": float(exposures[at] / counts.sum()),
                "low": float(low[at]),
                "high": float(high[at]),
                "group": resources.groups.get(signature),
                "cosine": similarity,
            }
        )
    return rows


def _row(seen: Mapping[str, Any], signature: str, status: str, reason: str) -> dict[str, Any]:
    empty = dict.fromkeys(("exposure", "fraction", "low", "high", "group", "cosine"))
    return {**empty, **seen, "signature": signature, "status": status, "reason": reason or None}


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
