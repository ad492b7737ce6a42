"""The manifest of a run: outputs, inputs, software and knowledge, without clock or place."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from apothecary import schemas, tables
from apothecary.files import sha256
from apothecary.knowledge.pack import Pack
from apothecary.version import VERSION
from apothecary.views import VIEWS

SOFTWARE = (
    "cyvcf2",
    "jinja2",
    "jsonschema",
    "nh3",
    "numpy",
    "pandas",
    "pyarrow",
    "pyminimap2",
    "pysam",
    "pyyaml",
    "scipy",
    "snakemake",
    "typst",
    "whatshap",
    "xlsxwriter",
)
RULES: Mapping[str, str] = {
    "samples": "validate_samples",
    "clinical": "validate_samples",
    "medicines": "resolve_medicines",
    "consent": "validate_samples",
    "orders": "validate_samples",
    "variants": "read_variants",
    "record_fates": "read_variants",
    "outside_calls": "read_variants",
    "outcomes": "read_variants",
    "sites": "call_sites",
    "diplotypes": "call_diplotypes",
    "phenotypes": "assign_phenotypes",
    "recommendations": "match_recommendations",
    "interactions": "match_recommendations",
    "doses": "calculate_doses",
    "tag_screens": "screen_tags",
    "consequences": "annotate_consequences",
    "neighbours": "annotate_consequences",
    "copy_number": "read_variants",
    "fusions": "read_variants",
    "actionability": "match_actionability",
    "tumor_flags": "match_actionability",
    "oncogenicity": "classify_oncogenicity",
    "oncogenicity_codes": "classify_oncogenicity",
    "germline_findings": "classify_germline",
    "approvals": "match_actionability",
    "pertinent_negatives": "list_pertinent_negatives",
    "biomarkers": "assess_biomarkers",
    "signatures": "assess_biomarkers",
    "depth_copy_number": "estimate_copy_number",
    "clonality": "assess_tumors",
    "variant_origins": "assess_tumors",
    "two_hits": "assess_tumors",
    "expression_outliers": "assess_tumors",
    "multi_omic": "assess_tumors",
    "trials": "match_trials",
    "trial_criteria": "match_trials",
    "trial_counts": "match_trials",
    "alignments": "collect_alignments",
    "read_files": "collect_alignments",
    "hotspot_evidence": "collect_hotspots",
    "qc_metrics": "gate_samples",
    "coverage": "gate_samples",
    "qc_gates": "gate_samples",
    "qc_outcomes": "gate_samples",
    "identity": "assess_identity",
    "fingerprints": "assess_identity",
    "ancestry": "assess_identity",
    "risk": "score_risk",
}
_RULES_OF_CALLS = {
    "hotspot_evidence": "genotype_hotspots",
    "microsatellites": "measure_microsatellites",
}
_RULES_OF_FOLDERS = {
    "alignments": "align_reads",
    "qc": "measure_alignments",
    "reports": "report_samples",
    **{name: view.rule for name, view in VIEWS.items()},
}
_RULES_OF_PAGES = {"index": "report_run", "dashboard": "report_dashboard"}


def outputs(results: Path, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Rows of the table manifest.

    Args:
        results: The results folder, which the paths are told relative to.
        paths: Files, and folders whose files are all taken.

    Returns:
        One row a file, sorted by path.
    """
    found = {file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))}
    return [
        _output(results, file)
        for file in sorted(found, key=lambda f: f.relative_to(results).as_posix())
        if file.is_file() and not file.name.startswith(".snakemake")
    ]


def aligned(results: Path, alignments: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the table manifest for alignments and their indexes.

    Args:
        results: The results folder, which the paths are told relative to.
        alignments: Rows of the table alignments; their digests are taken as they are, since the
            files are big.

    Returns:
        Two rows a sample.
    """
    rows = []
    for entry in alignments:
        file = results / entry["path"]
        index = file.with_name(file.name + (".crai" if entry["format"] == "cram" else ".bai"))
        for path, digest in ((file, entry["sha256"]), (index, sha256(index))):
            name = path.relative_to(results).as_posix()
            size = path.stat().st_size
            rows.append({"path": name, "sha256": digest, "size": size, "rule": "align_reads"})
    return rows


def _output(results: Path, file: Path) -> dict[str, Any]:
    relative = file.relative_to(results)
    row: dict[str, Any] = {
        "path": relative.as_posix(),
        "sha256": sha256(file),
        "size": file.stat().st_size,
    }
    if file.suffix == ".parquet":
        table = schemas.TABLES[tables.name_of(file)]
        arrow = tables.read(file, table)
        row["rows"] = arrow.num_rows
        row["content_sha256"] = tables.content_digest(arrow)
    row["rule"] = _rule(relative)
    return row


def _rule(path: Path) -> str:
    """The rule that makes an output, by its path below the results folder."""
    folder = path.parts[0]
    if folder == "calls":
        kind = path.name.split(".")[0]
        return _RULES_OF_CALLS.get(kind, f"call_{kind}")
    if folder in _RULES_OF_FOLDERS:
        return _RULES_OF_FOLDERS[folder]
    return RULES[path.stem] if path.suffix == ".parquet" else _RULES_OF_PAGES[path.stem]


def document(
    rows: Sequence[Mapping[str, Any]],
    inputs: Sequence[str],
    outcomes: Sequence[Mapping[str, Any]],
    pack: Pack,
    config: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest as JSON.

    Args:
        rows: Rows of the table manifest.
        inputs: The sheets, as the configuration names them.
        outcomes: Rows of the table outcomes, which carry the digests of the variant files.
        pack: The knowledge pack.
        config: The configuration but for places.

    Returns:
        The same for the same inputs, software and knowledge, wherever and whenever the run was.
    """
    return {
        "pipeline": {"name": "apothecary", "version": VERSION},
        "config": dict(config),
        "inputs": {
            "sheets": [
                {"path": path, "sha256": sha256(path), "size": Path(path).stat().st_size}
                for path in inputs
            ],
            "samples": [
                {
                    "sample_id": row["sample_id"],
                    "status": row["status"],
                    "reason": row["reason"],
                    "sha256": row["input_sha256"],
                    "records": row["input_records"],
                }
                for row in sorted(outcomes, key=lambda row: (row["sample_id"], row["step"]))
            ],
        },
        "knowledge": {
            "digest": pack.digest,
            "sources": [
                {key: row[key] for key in ("source_id", "version", "licence", "sha256")}
                for row in pack.rows("sources")
            ],
        },
        "software": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in SOFTWARE},
        },
        "outputs": [dict(row) for row in rows],
    }


def checksums(rows: Sequence[Mapping[str, Any]]) -> str:
    """The digests in the form that `sha256sum -c` takes, paths relative to the results folder.

    Args:
        rows: Rows of the table manifest.

    Returns:
        One line a file.
    """
    return "".join(f"{row['sha256']}  {row['path']}\n" for row in rows)
