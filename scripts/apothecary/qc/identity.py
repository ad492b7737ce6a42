"""Whether each sample is of the person that the sheet says, and of that person alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.qc import ancestry, contamination, relatedness, sex, target_relations
from apothecary.qc.contamination import Contamination
from apothecary.qc.snps import Snp
from apothecary.qc.target_sites import Genotypes

Row = Mapping[str, Any]
SELF, RUN, KEPT = "self", "run", "kept"


@dataclass(frozen=True)
class Prints:
    """The fingerprints that samples are compared by.

    Attributes:
        run: Rows of the table fingerprints of the samples of this run, by sample.
        kept: Rows of earlier runs, by sample.
        targets: Genotypes over the targets, of the samples of this run that have them.
    """

    run: Mapping[str, Sequence[Row]]
    kept: Mapping[str, Sequence[Row]]
    targets: Mapping[str, Genotypes] = field(default_factory=dict)


def sex_ratios(
    metrics: Iterable[Row],
) -> dict[str, tuple[float | None, float | None]]:
    """Reads of chrX and chrY over those of the autosomes by sample, from alignment_metrics."""
    found: dict[str, dict[str, float | None]] = {}
    for row in metrics:
        if row["metric"] in sex.RATIOS:
            found.setdefault(row["sample_id"], {})[row["metric"]] = row["value"]
    return {
        name: (values.get(sex.RATIOS[0]), values.get(sex.RATIOS[1]))
        for name, values in found.items()
    }


def assess(
    samples: Sequence[Row],
    every: Sequence[Row],
    prints: Prints,
    ratios: Mapping[str, tuple[float | None, float | None]],
    snps: Sequence[Snp],
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Contamination, sex and relations of samples.

    Args:
        samples: Rows of the table samples that are asked for.
        every: Rows of all samples of the run.
        prints: Fingerprints of all samples of the run, and kept ones.
        ratios: Reads of chrX and chrY over those of the autosomes, by sample.
        snps: The SNPs.
        settings: The section `qc.identity` of a checked configuration.

    Returns:
        Rows of the table identity: one a sample of itself, and one for every other sample that has
        fingerprints, of this run and of those kept.
    """
    known = {sample["sample_id"]: sample for sample in every}
    rows: list[dict[str, Any]] = []
    for sample in samples:
        own = prints.run.get(sample["sample_id"], ())
        normal = _normal(sample, every, prints.run)
        amount = contamination.estimate(
            own, snps, contamination.Settings.from_config(settings), normal
        )
        inferred = sex.infer(ratios.get(sample["sample_id"], (None, None)), own, settings)
        rows.append(_of_itself(sample, amount, inferred, settings, has_normal=bool(normal)))
        rows += _pairs(sample, own, known, prints, settings)
    return rows


def _normal(
    sample: Row, every: Iterable[Row], prints: Mapping[str, Sequence[Row]]
) -> Sequence[Row]:
    """The fingerprint of the first sample of a tumor's subject that is no tumor."""
    if sample["role"] != "tumor":
        return ()
    for other in every:
        if other["subject_id"] == sample["subject_id"] and other["role"] != "tumor":
            found = prints.get(other["sample_id"])
            if found:
                return found
    return ()


def _of_itself(
    sample: Row,
    amount: Contamination,
    inferred: sex.Sex,
    settings: Mapping[str, Any],
    *,
    has_normal: bool,
) -> dict[str, Any]:
    status, reason = judge_sex(sample, inferred, settings)
    note = amount.reason
    if note is None and sample["role"] == "tumor" and not has_normal:
        note = "without a normal, copy number of the tumor may look like contamination"
    return {
        "sample_id": sample["sample_id"],
        "other_id": sample["sample_id"],
        "other_from": SELF,
        "status": status,
        "reason": reason,
        "contamination": amount.share,
        "contamination_low": amount.low,
        "contamination_high": amount.high,
        "contamination_snps": amount.snps,
        "contamination_note": note,
        "inferred_sex": inferred.inferred,
        "declared_sex": sample["sex"],
        "x_ratio": inferred.x_ratio,
        "y_ratio": inferred.y_ratio,
        "x_snps": inferred.x_snps,
        "x_heterozygous": inferred.x_heterozygous,
    }


def judge_sex(
    sample: Row, inferred: sex.Sex, settings: Mapping[str, Any]
) -> tuple[str, str | None]:
    """Hold the sex that the reads speak for against that of the sheet.

    Args:
        sample: A row of the table samples.
        inferred: What the reads say.
        settings: The section `qc.identity` of a checked configuration.

    Returns:
        pass, warn, fail or not_assessed, and the reason where it is not pass.
    """
    if inferred.inferred == "not_assessed":
        return "not_assessed", inferred.reason
    if inferred.inferred == "indeterminate":
        return "warn", inferred.reason
    if sample["sex"] == "unknown":
        return "not_assessed", f"the reads are of sex {inferred.inferred}; the sheet gives none"
    if sample["sex"] == inferred.inferred:
        return "pass", None
    text = f"the sheet says {sample['sex']}, the reads {inferred.inferred}"
    return settings["sex_mismatch"][sample["role"]], text


def _pairs(
    sample: Row,
    own: Sequence[Row],
    known: Mapping[str, Row],
    prints: Prints,
    settings: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    limits = relatedness.Settings.from_config(settings)
    others = [(RUN, name, rows) for name, rows in sorted(prints.run.items())]
    others += [(KEPT, name, rows) for name, rows in sorted(prints.kept.items())]
    for origin, name, rows in others:
        if origin == RUN and name == sample["sample_id"]:
            continue
        other = known[name] if origin == RUN else rows[0]
        pair = relatedness.compare(own, rows, limits)
        expectation = relatedness.expected(sample, other)
        status, reason = relatedness.judge(pair, expectation, limits)
        row = {
            "sample_id": sample["sample_id"],
            "other_id": name,
            "other_from": origin,
            "status": status,
            "reason": reason,
            "basis": "snps",
            "snps": pair.snps,
            "ibs0": pair.ibs0,
            "concordance": pair.concordance,
            "kinship": pair.kinship,
            "relation": pair.relation,
            "expected_relation": expectation,
        }
        own_targets = prints.targets.get(sample["sample_id"])
        other_targets = prints.targets.get(name) if origin == RUN else None
        if pair.relation == "not_assessed" and own_targets and other_targets:
            trio = _trio(sample, other, known, prints)
            counts = target_relations.count(own_targets, other_targets, trio)
            row |= _by_targets(counts, expectation, settings)
        yield row


def _trio(
    sample: Row, other: Row, known: Mapping[str, Row], prints: Prints
) -> tuple[Genotypes, ...]:
    """The child, father and mother, where two samples are child and parent and all three are there.

    Of a parent with several samples the first counts.
    """
    for child, parent in ((sample, other), (other, sample)):
        parents = (child.get("father"), child.get("mother"))
        if parent["subject_id"] not in parents:
            continue
        found = [
            next(
                (prints.targets[n] for n, row in known.items()
                 if row["subject_id"] == subject and n in prints.targets),
                None,
            )
            for subject in parents
        ]  # fmt: skip
        own = prints.targets[child["sample_id"]]
        if found[0] is not None and found[1] is not None:
            return own, found[0], found[1]
    return ()


def _by_targets(
    counts: target_relations.Counts, expectation: str | None, settings: Mapping[str, Any]
) -> dict[str, Any]:
    limits = target_relations.Settings.from_config(settings)
    relation, status, reason = target_relations.judge(counts, expectation, limits)
    trio = counts.trio_sites > 0
    return {
        "status": status,
        "reason": reason,
        "basis": "targets",
        "snps": len(counts.pairs),
        "ibs0": counts.ibs0,
        "concordance": counts.concordance,
        "kinship": relatedness.kinship(counts.pairs),
        "trio_sites": counts.trio_sites if trio else None,
        "trio_errors": counts.trio_errors if trio else None,
        "relation": relation,
    }


def estimate_ancestry(
    samples: Iterable[Row],
    consent: Sequence[Row],
    prints: Prints,
    snps: Sequence[Snp],
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Ancestry of the samples whose subjects agreed to it.

    Args:
        samples: Rows of the table samples.
        consent: Rows of the table consent.
        prints: Fingerprints of the samples.
        snps: The SNPs.
        settings: The section `qc.identity` of a checked configuration.

    Returns:
        Rows of the table ancestry. Of a tumor, whose copy number changes genotypes, and of a
        subject without a yes to the scope ancestry there is a row that says so and no more.
    """
    agreed = {
        row["subject_id"]
        for row in consent
        if row["scope"] == "ancestry" and row["decision"] == "yes"
    }
    rows = []
    for sample in samples:
        name = sample["sample_id"]
        if sample["subject_id"] not in agreed:
            rows.append(ancestry.not_estimated(name, "withheld", "no consent to ancestry"))
        elif sample["role"] == "tumor":
            rows.append(ancestry.not_estimated(name, "not_assessed", "a tumor is not asked"))
        else:
            rows += ancestry.estimate(name, prints.run.get(name, ()), snps, settings)
    return rows
