"""The findings of a report model as flat tables; what TSV and XLSX write and views must equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int | float | bool | None
Model = Mapping[str, Any]
Rows = list[dict[str, Any]]

SEPARATOR = "; "


@dataclass(frozen=True)
class Section:
    """A flat table of findings.

    Attributes:
        name: Name of the section, of its file and of its sheet.
        columns: Keys of the rows, in order; `finding` identifies the row in every view.
        rows: The rows of a model.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Model], Rows]

    def values(self, model: Model) -> list[list[Value]]:
        """The rows of a model as cells in the order of the columns; lists are joined."""
        return [[_cell(row.get(column)) for column in self.columns] for row in self.rows(model)]


def _cell(value: Any) -> Value:
    if isinstance(value, list):
        return SEPARATOR.join(str(item) for item in value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a cell cannot hold {type(value).__name__}")


def _genes(model: Model) -> Rows:
    return [
        {
            **gene,
            "diplotype": gene["diplotype_text"],
            "phenotype": gene["phenotype_text"],
            "activity_score": gene["activity_text"],
            "functions": gene["functions_text"],
            "answer_code": gene["answer_codes"],
            "phased": "; ".join(filter(None, (gene["phase_words"], gene["phase_reads_text"]))),
            "method": gene["method_text"],
            "reason": gene["reasons"],
            "posterior": gene["posterior_text"],
            "credible_set": gene["credible_text"],
        }
        for gene in model["genes"]
    ]


def _recommendations(model: Model) -> Rows:
    return [
        row
        for medicine in model["recommendations"]
        for source in medicine["sources"]
        for row in source["rows"]
    ]


def _evidence(model: Model) -> Rows:
    shared = (
        "finding_id",
        "gene",
        "alteration",
        "position",
        "ref",
        "alt",
        "vaf",
        "depth",
        "hgvs_p",
        "oncogenicity",
    )
    return [
        {**{key: finding[key] for key in shared}, **evidence}
        for finding in model["tumor"]["findings"]
        for evidence in finding["evidence"]
    ]


_LISTED_VARIANT = (
    "finding",
    "gene",
    "position",
    "rsid",
    "ref",
    "alt",
    "genotype",
    "depth",
    "vaf",
    "gq",
    "filters",
    "fate",
    "reason",
    "record",
)

SECTIONS: tuple[Section, ...] = (
    Section(
        "genes",
        (
            "finding",
            "gene",
            "diplotype",
            "phased",
            "phenotype",
            "activity_score",
            "functions",
            "answer_code",
            "method",
            "posterior",
            "credible_set",
            "reason",
            "warnings",
        ),
        _genes,
    ),
    Section(
        "recommendations",
        (
            "finding",
            "drug",
            "taken",
            "by_clinical_phenotype",
            "source",
            "rank",
            "action",
            "dose_change",
            "strength",
            "population",
            "genes",
            "diplotypes",
            "phenotypes",
            "lookup",
            "posterior",
            "effects",
            "text",
            "implications",
            "guidance_id",
            "guideline_id",
            "guideline_version",
            "link",
            "licence",
        ),
        _recommendations,
    ),
    Section(
        "research_genes",
        (
            "finding",
            "gene",
            "diplotype",
            "functions",
            "method",
            "positions",
            "missing",
            "remarks",
        ),
        lambda model: list(model["research_genes"]),
    ),
    Section(
        "interactions",
        (
            "finding",
            "drug",
            "enzyme",
            "by",
            "effect",
            "strength",
            "genetic_phenotype",
            "clinical_phenotype",
            "reason",
            "source",
        ),
        lambda model: list(model["interactions"]),
    ),
    Section(
        "doses",
        (
            "finding",
            "drug",
            "model",
            "dose",
            "value",
            "low",
            "high",
            "unit",
            "refused",
            "inputs",
            "notes",
            "validity",
            "source",
        ),
        lambda model: list(model["doses"]),
    ),
    Section(
        "tag_screens",
        ("finding", "allele", "rsid", "base", "state", "copies", "reason", "studies"),
        lambda model: list(model["tag_screens"]),
    ),
    Section(
        "medicines_given",
        ("finding", "medicine", "drug", "matched_by", "note"),
        lambda model: list(model["medicines_given"]),
    ),
    Section(
        "tumor",
        (
            "finding",
            "finding_id",
            "gene",
            "alteration",
            "position",
            "ref",
            "alt",
            "vaf",
            "depth",
            "hgvs_p",
            "oncogenicity",
            "tier",
            "tier_reason",
            "escat",
            "escat_reason",
            "evidence_id",
            "evidence_type",
            "effect",
            "therapies",
            "therapy_interaction",
            "level",
            "source_level",
            "rating",
            "match",
            "molecular_profile",
            "disease",
            "tumor_match",
            "vetoed_by",
            "citation",
            "link",
            "source_id",
            "licence",
        ),
        _evidence,
    ),
    Section(
        "oncogenicity",
        (
            "finding",
            "gene",
            "change",
            "transcript",
            "position",
            "ref",
            "alt",
            "vaf",
            "class",
            "points",
            "codes",
            "not_assessed",
        ),
        lambda model: list(model["oncogenicity"]["variants"]),
    ),
    Section(
        "oncogenicity_codes",
        (
            "finding",
            "gene",
            "change",
            "position",
            "code",
            "strength",
            "points",
            "status",
            "weak",
            "evidence",
            "reason",
            "source_id",
            "references",
        ),
        lambda model: [
            line for entry in model["oncogenicity"]["variants"] for line in entry["ledger"]
        ],
    ),
    Section(
        "unknown_significance",
        (
            "finding",
            "gene",
            "alteration",
            "position",
            "ref",
            "alt",
            "vaf",
            "depth",
            "consequence",
            "hgvs_c",
            "hgvs_p",
            "oncogenicity",
            "reason",
        ),
        lambda model: list(model["unknown_significance"]),
    ),
    Section(
        "pertinent_negatives",
        (
            "finding",
            "molecular_profile",
            "status",
            "detection_limit",
            "reason",
            "level",
            "tumor_match",
            "sensitive_to",
            "resistant_to",
            "evidence_ids",
        ),
        lambda model: list(model["pertinent_negatives"]["biomarkers"]),
    ),
    Section(
        "approvals",
        (
            "finding",
            "agency",
            "therapies",
            "molecular_profile",
            "disease",
            "tumor_match",
            "approved",
            "test_required",
            "status",
            "reason",
            "detection_limit",
            "document",
            "link",
            "source_id",
            "licence",
        ),
        lambda model: list(model["approvals"]),
    ),
    Section(
        "biomarkers",
        (
            "finding",
            "biomarker",
            "name",
            "status",
            "value",
            "low",
            "high",
            "unit",
            "numerator",
            "denominator",
            "denominator_source",
            "method",
            "reason",
        ),
        lambda model: list(model["biomarkers"]["markers"]),
    ),
    Section(
        "signatures",
        (
            "finding",
            "catalogue",
            "signature",
            "group",
            "exposure",
            "fraction",
            "low",
            "high",
            "status",
            "mutations",
            "without_context",
            "cosine",
            "matrix",
            "reason",
        ),
        lambda model: list(model["biomarkers"]["signatures"]),
    ),
    Section(
        "hotspots",
        (
            "finding",
            "gene",
            "change",
            "position",
            "ref",
            "alt",
            "vaf",
            "vaf_low",
            "vaf_high",
            "depth",
            "alt_depth",
            "ref_forward",
            "ref_reverse",
            "alt_forward",
            "alt_reverse",
            "p_value",
            "call",
        ),
        lambda model: list(model["hotspots"]["found"]),
    ),
    Section(
        "hotspot_genes",
        (
            "finding",
            "gene",
            "sites",
            "found",
            "not_found",
            "detection_limit",
            "not_assessable",
            "least_depth",
            "reasons",
            "not_found_changes",
            "not_assessable_changes",
        ),
        lambda model: list(model["hotspots"]["genes"]),
    ),
    Section(
        "depth_copy_number",
        ("finding", "gene", "state", "targets", "log2", "copies", "reason"),
        lambda model: list(model["tumor_analyses"]["depth_copy_number"]),
    ),
    Section(
        "two_hits",
        ("finding", "gene", "status", "truncating", "altering", "germline", "lost", "reason"),
        lambda model: list(model["tumor_analyses"]["two_hits"]),
    ),
    Section(
        "clonality",
        ("finding", "alteration", "vaf", "ccf", "status", "reason"),
        lambda model: list(model["tumor_analyses"]["clonality"]),
    ),
    Section(
        "variant_origins",
        ("finding", "alteration", "vaf", "germline_probability", "status", "reason"),
        lambda model: list(model["tumor_analyses"]["variant_origins"]),
    ),
    Section(
        "multi_omic",
        ("finding", "gene", "dna", "expression", "expressed", "outlier", "reason"),
        lambda model: list(model["tumor_analyses"]["multi_omic"]),
    ),
    Section(
        "expression_outliers",
        ("finding", "gene", "expression", "robust_z", "samples", "outlier"),
        lambda model: list(model["tumor_analyses"]["expression_outliers"]),
    ),
    Section(
        "trials",
        (
            "finding",
            "trial",
            "title",
            "part",
            "phase",
            "accrual",
            "status",
            "met",
            "unmet",
            "unknown",
            "matched_by",
        ),
        lambda model: list(model["trials"]["rows"]),
    ),
    Section(
        "copy_number",
        ("finding", "gene", "state", "total", "major", "minor", "segment"),
        lambda model: list(model["tumor"]["copy_number"]),
    ),
    Section(
        "fusions",
        (
            "finding",
            "fusion",
            "gene_5prime",
            "gene_3prime",
            "breakpoint_5prime",
            "breakpoint_3prime",
            "reads",
            "frame",
            "caller",
        ),
        lambda model: list(model["tumor"]["fusions"]),
    ),
    Section(
        "flags",
        ("finding", "flag", "status", "value", "reason"),
        lambda model: list(model["flags"]),
    ),
    Section(
        "not_assessed",
        ("finding", "gene", "positions", "missing", "missing_positions", "not_excludable"),
        lambda model: list(model["not_assessed"]["genes"]),
    ),
    Section(
        "not_called",
        ("finding", "gene", "reason"),
        lambda model: list(model["not_assessed"]["not_called"]),
    ),
    Section(
        "quality_metrics",
        ("finding", "metric", "value", "unit", "threshold", "status", "reason"),
        lambda model: list(model["quality"]["metrics"]),
    ),
    Section(
        "quality_checks",
        ("finding", "level", "name", "status", "reason"),
        lambda model: [*model["quality"]["checks"], *model["quality"]["genes"]],
    ),
    Section("failed_variants", _LISTED_VARIANT, lambda model: list(model["fates"]["failed"])),
    Section("marked_variants", _LISTED_VARIANT, lambda model: list(model["fates"]["marked"])),
)


def findings(model: Model) -> list[str]:
    """The identifiers of all findings of a model, in the order of the sections."""
    return [row["finding"] for section in SECTIONS for row in section.rows(model)]
