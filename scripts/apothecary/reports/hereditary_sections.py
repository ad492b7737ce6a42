"""The flat tables of hereditary disease."""

from __future__ import annotations

from apothecary.reports.section import Model, Rows, Section

_COLUMNS = (
    "finding",
    "gene",
    "class",
    "reported_as",
    "position",
    "ref",
    "alt",
    "transcript",
    "hgvs_c",
    "hgvs_p",
    "consequence",
    "zygosity",
    "depth",
    "vaf",
    "phase",
    "partners",
    "class_by_points",
    "points",
    "codes",
    "decided_by",
    "clinvar_text",
    "disagreement",
    "population_text",
    "conditions",
    "inheritance",
    "lists",
    "secondary",
    "list_text",
    "reason",
    "confirm",
    "doubts",
    "not_assessed",
    "source_ids",
)


def _codes(model: Model) -> Rows:
    entries = (*model["germline"]["findings"], *model["germline_uncertain"])
    return [line for entry in entries for line in entry["ledger"]]


HEREDITARY_SECTIONS: tuple[Section, ...] = (
    Section("germline_findings", _COLUMNS, lambda model: list(model["germline"]["findings"])),
    Section("germline_uncertain", _COLUMNS, lambda model: list(model["germline_uncertain"])),
    Section(
        "germline_codes",
        ("finding", "gene", "change", "code", "points", "evidence", "source"),
        _codes,
    ),
)
