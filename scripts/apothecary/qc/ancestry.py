"""The continental group whose allele frequencies fit a person best, with its uncertainty.

Each group is as likely as the others beforehand. The groups are those of 1000 Genomes; a person of
mixed descent fits none of them, and the posterior does not say so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.qc.fingerprints import log_likelihoods
from apothecary.qc.snps import Snp

Row = Mapping[str, Any]
NONE = "none"


def log_likelihood(row: Row, snp: Snp, population: str, read_error: float) -> float:
    """Log-likelihood of the reads of a SNP in a population, but for a constant."""
    frequency = snp.frequency(population)
    proportions = ((1 - frequency) ** 2, 2 * frequency * (1 - frequency), frequency**2)
    reads = log_likelihoods(row["count_1"], row["count_2"], read_error)
    terms = [math.log(p) + value for p, value in zip(proportions, reads, strict=True)]
    top = max(terms)
    return top + math.log(sum(math.exp(term - top) for term in terms))


def estimate(
    sample_id: str, rows: Sequence[Row], snps: Sequence[Snp], settings: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Posterior of every group.

    Args:
        sample_id: The sample.
        rows: Rows of the table fingerprints of the sample.
        snps: The SNPs, for their frequencies.
        settings: The section `qc.identity` of a checked configuration.

    Returns:
        Rows of the table ancestry, a group a row; one row without a group where too few SNPs are
        covered.
    """
    known = {snp.snp_id: snp for snp in snps if snp.autosomal}
    used = [row for row in rows if row["snp_id"] in known and row["count_1"] + row["count_2"]]
    if len(used) < settings["min_snps"]:
        few = f"{len(used)} SNPs with reads, {settings['min_snps']} are needed"
        return [not_estimated(sample_id, "not_assessed", few, len(used))]
    populations = sorted({name for snp in known.values() for name in snp.counts})
    totals = {
        population: sum(
            log_likelihood(row, known[row["snp_id"]], population, settings["read_error"])
            for row in used
        )
        for population in populations
    }
    top = max(totals.values())
    weights = {name: math.exp(total - top) for name, total in totals.items()}
    posterior = {name: weight / sum(weights.values()) for name, weight in weights.items()}
    best = max(posterior.values())
    called = best >= settings["ancestry_posterior"]
    reason = None if called else f"no group reaches {settings['ancestry_posterior']}"
    found: list[dict[str, Any]] = []
    for name in populations:
        status = "indeterminate"
        if called:
            status = "called" if posterior[name] == best else "other"
        found.append(
            {
                "sample_id": sample_id,
                "population": name,
                "posterior": posterior[name],
                "log_likelihood": totals[name],
                "snps": len(used),
                "status": status,
                "reason": reason,
            }
        )
    return found


def not_estimated(sample_id: str, status: str, reason: str, snps: int = 0) -> dict[str, Any]:
    """The row of a sample of which nothing is told.

    Args:
        sample_id: The sample.
        status: not_assessed or withheld.
        reason: Why.
        snps: SNPs with reads; 0 where none was looked at.
    """
    return {
        "sample_id": sample_id,
        "population": NONE,
        "snps": snps,
        "status": status,
        "reason": reason,
    }
