"""The flat tables of pharmacogenes, medicines and guidance."""

from __future__ import annotations

from apothecary.reports.section import Model, Rows, Section


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


GERMLINE_SECTIONS: tuple[Section, ...] = (
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
)
