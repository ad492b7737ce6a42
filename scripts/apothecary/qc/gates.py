"""The gates: what a sample must reach to be read, and what of it cannot be read.

The thresholds come from the configuration, by role and assay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary import schemas, tables
from apothecary.qc.metrics import Metric
from apothecary.selection import by_sample

STEP = "gate_samples"
STATES = ("not_assessed", "pass", "warn", "fail")

Row = Mapping[str, Any]
# Measures that say something of a panel or exome only where its targets are known.
_OF_TARGETS = ("target_", "mean_target_", "median_target_", "on_target_")
_BOUNDS = (
    ("fail", "fail_below", "below"),
    ("fail", "fail_above", "above"),
    ("warn", "warn_below", "below"),
    ("warn", "warn_above", "above"),
)


def thresholds(settings: Mapping[str, Any], role: str, assay: str) -> dict[str, dict[str, float]]:
    """The thresholds of a sample.

    Args:
        settings: The section `qc.thresholds` of a checked configuration.
        role: germline, tumor or normal.
        assay: genome, exome, panel or array.

    Returns:
        Bounds by metric: those of the role under `default`, each metric overlaid by that of the
        assay. A bound that is null is not applied.
    """
    of_role = settings[role]
    found = {**of_role.get("default", {}), **of_role.get(assay, {})}
    return {
        metric: {name: bound for name, bound in bounds.items() if bound is not None}
        for metric, bounds in found.items()
    }


def judge(value: float | None, bounds: Mapping[str, float]) -> tuple[str | None, str | None]:
    """Hold a value against its bounds.

    Args:
        value: The value; None when it is not assessed.
        bounds: Of fail_below, fail_above, warn_below and warn_above, those that apply.

    Returns:
        pass, warn, fail or not_assessed, and the bounds in words; None and None without bounds.
    """
    if not bounds:
        return None, None
    words = ", ".join(
        f"{state} {side} {bounds[name]:g}" for state, name, side in _BOUNDS if name in bounds
    )
    if value is None:
        return "not_assessed", words
    for state, name, side in _BOUNDS:
        if name in bounds and (value < bounds[name] if side == "below" else value > bounds[name]):
            return state, words
    return "pass", words


def metric_rows(
    sample: Row,
    metrics: Sequence[Row],
    identity: Row | None,
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Rows of the table qc_metrics of a sample.

    Args:
        sample: A row of the table samples.
        metrics: Rows of the table alignment_metrics of the sample.
        identity: The row of the table identity that is of the sample itself.
        settings: The section `qc` of a checked configuration.

    Returns:
        A row a measure, contamination among them.
    """
    bounds = thresholds(settings["thresholds"], sample["role"], sample["assay"])
    measured = [Metric(r["metric"], r["value"], r["unit"], r["reason"]) for r in metrics]
    if identity is not None:
        measured.append(
            Metric(
                "contamination",
                identity["contamination"],
                "fraction",
                identity["contamination_note"],
            )
        )
    blind = sample["assay"] in ("exome", "panel") and not settings["targets"]
    rows = []
    for metric in measured:
        of_metric = bounds.get(metric.name, {})
        reason = metric.reason
        if blind and metric.name.startswith(_OF_TARGETS):
            of_metric, reason = {}, "not judged: qc.targets does not name the targets of the assay"
        status, words = judge(metric.value, of_metric)
        rows.append(
            {
                "sample_id": sample["sample_id"],
                "metric": metric.name,
                "value": metric.value,
                "unit": metric.unit,
                "threshold": words,
                "status": status,
                "reason": reason,
            }
        )
    return rows


def gene_rows(sample_id: str, coverage: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of the table qc_gates for the genes of a sample.

    Args:
        sample_id: The sample.
        coverage: Rows of the table coverage of the sample.

    Returns:
        By gene, a row of the level gene for its coding exons, and one of the level pharmacogene for
        the positions of its allele definitions, where it has them. pass: all can be called; warn:
        some cannot; not_assessed: none can, or, of exons, too few bases.
    """
    rows = []
    whole = {row["gene"]: row for row in coverage if row["kind"] == "gene"}
    for level, kind, column in (
        ("gene", "exon", "exon"),
        ("pharmacogene", "position", "position_id"),
    ):
        of_gene: dict[str, list[Row]] = {}
        for row in coverage:
            if row["kind"] == kind:
                of_gene.setdefault(row["gene"], []).append(row)
        for gene, parts in sorted(of_gene.items()):
            missing = [row for row in parts if not row["callable"]]
            lost = len(missing) == len(parts)
            if level == "gene" and missing and gene in whole and not whole[gene]["callable"]:
                lost = True
            rows.append(_gene_row(sample_id, level, gene, kind, column, parts, missing, lost))
    return rows


def _gene_row(
    sample_id: str,
    level: str,
    gene: str,
    kind: str,
    column: str,
    parts: Sequence[Row],
    missing: Sequence[Row],
    lost: bool,
) -> dict[str, Any]:
    status = "not_assessed" if lost else "warn" if missing else "pass"
    reason = None
    if missing:
        if kind == "exon":
            listed = _numbers(sorted(row[column] for row in missing))
        else:
            listed = ", ".join(row[column] for row in sorted(missing, key=lambda r: r["start"]))
        reason = f"{len(missing)} of {len(parts)} {kind}s cannot be called: {listed}"
    return {
        "sample_id": sample_id,
        "level": level,
        "name": gene,
        "status": status,
        "reason": reason,
    }


def _numbers(exons: Sequence[int]) -> str:
    """Numbers in words, three or more that follow each other as a range."""
    runs: list[list[int]] = []
    for number in exons:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(str(number) for number in run)
        for run in runs
    )


def identity_rows(sample_id: str, identity: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of the table qc_gates for the identity of a sample: its sex, and its pairs."""
    rows = []
    for row in identity:
        name = "sex"
        if row["other_from"] != "self":
            if row["status"] == "pass" and not row["expected_relation"]:
                continue
            if row["status"] == "not_assessed" and not row["expected_relation"]:
                continue
            name = f"{row['other_id']} ({row['other_from']})"
        rows.append(
            {
                "sample_id": sample_id,
                "level": "identity",
                "name": name,
                "status": row["status"],
                "reason": row["reason"],
            }
        )
    return rows


def sample_row(
    sample_id: str, metrics: Iterable[Row], identity_gates: Iterable[Row]
) -> dict[str, Any]:
    """The row of the table qc_gates that is of the sample as a whole.

    Args:
        sample_id: The sample.
        metrics: Its rows of the table qc_metrics.
        identity_gates: What `identity_rows` gave.

    Returns:
        The worst of all; the reason tells what warns or fails.
    """
    told = [
        (row["status"], f"{row['metric']} {row['value']:.4g} ({row['threshold']})")
        for row in metrics
        if row["status"] in ("warn", "fail")
    ]
    told += [
        (row["status"], row["reason"])
        for row in identity_gates
        if row["status"] in ("warn", "fail")
    ]
    status = max((state for state, _ in told), key=STATES.index, default="pass")
    worst = [text for state, text in told if state == status]
    return {
        "sample_id": sample_id,
        "level": "sample",
        "name": sample_id,
        "status": status,
        "reason": "; ".join(worst) or None,
    }


def failures(outcomes: Iterable[Row]) -> dict[str, str]:
    """Reason by sample of the rows of the table outcomes that failed."""
    return {row["sample_id"]: row["reason"] for row in outcomes if row["status"] == "failed"}


def gate(
    samples: Sequence[Row],
    metrics: Iterable[Row],
    coverage: Iterable[Row],
    identity: Iterable[Row],
    failures: Mapping[str, str],
    settings: Mapping[str, Any],
) -> dict[str, list[dict[str, Any]]]:
    """Hold the samples against the thresholds.

    Args:
        samples: Rows of the table samples that have alignments.
        metrics: Rows of the table alignment_metrics.
        coverage: Rows of the table coverage.
        identity: Rows of the table identity.
        failures: Why a sample could not be measured, by sample.
        settings: The section `qc` of a checked configuration.

    Returns:
        Rows of the tables qc_metrics, qc_gates and qc_outcomes.
    """
    found: dict[str, list[dict[str, Any]]] = {"qc_metrics": [], "qc_gates": [], "qc_outcomes": []}
    of_metrics, of_coverage, of_identity = (by_sample(t) for t in (metrics, coverage, identity))
    for sample in samples:
        name = sample["sample_id"]
        if name in failures:
            whole = {
                "sample_id": name,
                "level": "sample",
                "name": name,
                "status": "fail",
                "reason": failures[name],
            }
            found["qc_gates"].append(whole)
            found["qc_outcomes"].append(_outcome(whole))
            continue
        checks = of_identity.get(name, [])
        itself = next((row for row in checks if row["other_from"] == "self"), None)
        measured = metric_rows(sample, of_metrics.get(name, []), itself, settings)
        identities = identity_rows(name, checks)
        whole = sample_row(name, measured, identities)
        found["qc_metrics"] += measured
        found["qc_gates"] += [whole, *identities, *gene_rows(name, of_coverage.get(name, []))]
        found["qc_outcomes"].append(_outcome(whole))
    return found


def _outcome(whole: Row) -> dict[str, Any]:
    """A gate as a row of the table outcomes; a failed gate is a sample that failed."""
    status = {"pass": "ok", "warn": "warn", "fail": "failed"}[whole["status"]]
    reason = whole["reason"] or ""
    if status == "failed":
        reason = f"quality control: {reason}"
    return {
        "sample_id": whole["sample_id"],
        "step": STEP,
        "status": status,
        "reason": reason,
        "notes": [],
    }


@dataclass(frozen=True)
class Quality:
    """What later steps must know of the quality of a batch; empty where nothing was aligned.

    Attributes:
        outcomes: Rows of the table qc_outcomes.
        coverage: Rows of the table coverage.
        gates: Rows of the table qc_gates.
    """

    outcomes: list[dict[str, Any]]
    coverage: list[dict[str, Any]]
    gates: list[dict[str, Any]]


def read(paths: Mapping[str, str]) -> Quality:
    """Read the quality of a batch from the inputs of a rule.

    Args:
        paths: Path by name of the table; those of quality are not there without alignments.

    Returns:
        Its outcomes, its coverage and its gates.
    """
    found = {
        name: tables.read_rows(paths[name], table) if name in paths else []
        for name, table in (
            ("qc_outcomes", schemas.QC_OUTCOMES),
            ("coverage", schemas.TABLES["coverage"]),
            ("qc_gates", schemas.TABLES["qc_gates"]),
        )
    }
    return Quality(found["qc_outcomes"], found["coverage"], found["qc_gates"])


def with_positions(gates: Iterable[Row]) -> set[tuple[str, str]]:
    """Sample and gene of the genes whose positions decide whether they are assessed."""
    return {(row["sample_id"], row["name"]) for row in gates if row["level"] == "pharmacogene"}


def not_assessed_genes(gates: Iterable[Row], level: str) -> dict[str, dict[str, str]]:
    """The genes that must stand as not assessed in every table after.

    Args:
        gates: Rows of the table qc_gates.
        level: gene (coding exons; not of pharmacogenes, whose positions decide) or pharmacogene
            (positions).

    Returns:
        Reason by gene, by sample.
    """
    rows = list(gates)
    others = with_positions(rows) if level == "gene" else set()
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if (row["sample_id"], row["name"]) in others:
            continue
        if row["level"] == level and row["status"] == "not_assessed":
            found.setdefault(row["sample_id"], {})[row["name"]] = row["reason"] or ""
    return found
