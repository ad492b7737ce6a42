"""The findings of a report model as flat tables; what TSV and XLSX write and views must equal."""

from __future__ import annotations

from apothecary.reports.germline_sections import GERMLINE_SECTIONS
from apothecary.reports.hereditary_sections import HEREDITARY_SECTIONS
from apothecary.reports.quality_sections import QUALITY_SECTIONS
from apothecary.reports.risk import RISK_SECTIONS
from apothecary.reports.section import Model, Section
from apothecary.reports.tumor_sections import TUMOR_SECTIONS

SECTIONS: tuple[Section, ...] = (
    *GERMLINE_SECTIONS,
    *HEREDITARY_SECTIONS,
    *TUMOR_SECTIONS,
    *RISK_SECTIONS,
    *QUALITY_SECTIONS,
)


def findings(model: Model) -> list[str]:
    """The identifiers of all findings of a model, in the order of the sections."""
    return [row["finding"] for section in SECTIONS for row in section.rows(model)]
