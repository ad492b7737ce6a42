"""The report model of a sample: every number and word that any view shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apothecary.batch_tables import BATCH_TABLES, CALL_TABLES, RISK_TABLES
from apothecary.reports import germline, oncogenicity
from apothecary.reports.actions import actions
from apothecary.reports.biomarkers import biomarkers, not_judged
from apothecary.reports.biomarkers import nothing as no_biomarkers
from apothecary.reports.context import (
    Context,
    Knowledge,
    Row,
    RunFacts,
    SampleTables,
    context,
)
from apothecary.reports.doses import doses
from apothecary.reports.fates import fates
from apothecary.reports.figures import figures
from apothecary.reports.glance import glance
from apothecary.reports.hotspots import hotspots, not_assessable, nothing
from apothecary.reports.identity import identity, sources
from apothecary.reports.interactions import interactions, medicines_given
from apothecary.reports.issue import issue
from apothecary.reports.not_assessed import not_assessed
from apothecary.reports.order import further, order
from apothecary.reports.outline import outline
from apothecary.reports.patient_facts import patient
from apothecary.reports.pertinent_negatives import (
    approvals,
    pertinent_negatives,
    unknown_significance,
)
from apothecary.reports.pharmacogenes import genes, sites
from apothecary.reports.quality import TABLES as QUALITY_TABLES
from apothecary.reports.quality import genes_not_covered, quality
from apothecary.reports.recommendations import recommendations
from apothecary.reports.references import references
from apothecary.reports.research_genes import apart, not_assessed_line, research_genes
from apothecary.reports.risk import not_given, risk
from apothecary.reports.statements import limitations, methods, settings, steps
from apothecary.reports.summary import summary
from apothecary.reports.tag_screens import tag_screens
from apothecary.reports.text import printable_tree
from apothecary.reports.trace import trace
from apothecary.reports.trials import trials
from apothecary.reports.tumor import flags, tumor
from apothecary.reports.tumor_analyses import tumor_analyses

MODEL_VERSION = 1
_NOT_REPORTED = frozenset({"trial_criteria", "trial_counts"})
# The tables that a report is made of, beside the row of the sample.
TABLES = (
    *(name for name in BATCH_TABLES if name not in _NOT_REPORTED),
    "clinical",
    "medicines",
    "consent",
    "orders",
    *CALL_TABLES,
    *RISK_TABLES,
    *QUALITY_TABLES,
)


def build_model(
    sample: Row, tables: Mapping[str, list[Row]], pack: Knowledge, run: RunFacts
) -> dict[str, Any]:
    """The report model of one sample.

    Args:
        sample: Row of the table samples.
        tables: Rows of the sample by name of the table (`TABLES`). `consequences` has no sample
            and may hold others; `clinical` and `consent` go by the subject and may hold others. Of
            `variants`, rows of reference only may be left out.
        pack: The knowledge pack of the run.
        run: What a report must know of the run.

    Returns:
        JSON-able sections that are the same whatever the input is; no clock and no path is in
        them. `status` is ok, warn or failed; a failed sample has the reason and no findings.
    """
    return sample_model(SampleTables(sample, tables), context(pack, run))


def sample_model(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The report model of one sample, from what the reports of the run share.

    Args:
        tables: The rows of the sample; see `build_model`.
        shared: What every report of the run shares.

    Returns:
        As `build_model`.
    """
    tables = _with_quality(_of_subject(tables))
    whole = _completed(_assembled(tables, shared), tables, shared)
    model: dict[str, Any] = printable_tree(whole)
    model["issue"] = printable_tree(issue(model, tables, shared))
    model["words"] = dict(sorted(shared.words.texts.items()))
    return model


def sample_summary(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The summary of a sample's report, for a page that shows no more than that.

    Args:
        tables: The rows of the sample; see `build_model`. Sites, positions that are missing and
            guidance of standard dosing may be left out.
        shared: What every report of the run shares.

    Returns:
        As `apothecary.reports.summary.summary` of the model.
    """
    tables = _with_quality(_of_subject(tables))
    short: dict[str, Any] = printable_tree(summary(_assembled(tables, shared)))
    return short


def _assembled(tables: SampleTables, shared: Context) -> dict[str, Any]:
    failure = _failure(tables, shared)
    if failure:
        # Findings of the steps before the failure would look like the whole.
        names = ("outcomes", "record_fates", "consent", "orders", *QUALITY_TABLES)
        kept = {name: tables.rows(name) for name in names}
        tables = SampleTables(tables.sample, kept)
    head = identity(tables, shared)
    tables, of_research = apart(tables, shared)
    research = research_genes(of_research, shared)
    medicines = recommendations(tables, shared)
    gene_entries = genes(tables, shared)
    tumor_section = tumor(tables, shared)
    known_variants = nothing() if failure else hotspots(tables, shared)
    classes = oncogenicity.nothing() if failure else oncogenicity.oncogenicity(tables, shared)
    markers = no_biomarkers() if failure else biomarkers(tables, shared)
    conflicts = interactions(tables, shared)
    findings = tumor_section["findings"]
    inherited = germline.nothing() if failure else germline.germline(tables, shared, head["build"])
    todo = actions(
        tables, medicines, gene_entries, findings, conflicts, inherited["germline"], shared
    )
    unassessed = not_assessed(tables, shared)
    if research:
        unassessed["steps"].append(not_assessed_line(research, shared))
    unassessed["steps"] += genes_not_covered(tables, shared)
    unassessed["steps"] += not_assessable(known_variants, shared)
    unassessed["steps"] += not_judged(markers)
    scores = risk(tables, shared)
    unassessed["steps"] += not_given(scores)
    if failure:
        text = shared.words("headline.failed")
        todo |= {"headlines": [{"weight": "act", "text": text}], "note": text}
        unassessed |= {"genes": [], "not_called": [], "steps": []}
        tumor_section["note"] = text
    model = {
        "model_version": MODEL_VERSION,
        "status": _status(tables, failure),
        "failure": failure,
        "identity": head,
        "order": order(tables, shared),
        "flags": flags(tables, shared),
        "not_assessed": unassessed,
        "quality": quality(tables, shared),
        "actions": todo,
        "genes": gene_entries,
        "genes_note": None if gene_entries else _note("genes", tables, shared),
        "research_genes": research,
        "sites": sites(tables, shared),
        "interactions": conflicts,
        "medicines_given": medicines_given(tables),
        "doses": doses(tables, shared),
        "tag_screens": tag_screens(tables, shared),
        "risk": scores,
        "recommendations": medicines,
        "recommendations_note": None if medicines else _note("recommendations", tables, shared),
        **inherited,
        "tumor": tumor_section,
        "unknown_significance": unknown_significance(findings),
        "pertinent_negatives": pertinent_negatives(tables, shared),
        "approvals": approvals(tables, shared),
        "biomarkers": markers,
        "hotspots": known_variants,
        "oncogenicity": classes,
        "tumor_analyses": tumor_analyses(tables, shared),
        "trials": trials(tables, shared),
        "fates": fates(tables, shared),
        "limitations": limitations(tables, shared),
        "methods": methods(tables, head["build"], shared),
        "further": further(tables, shared, hereditary=bool(inherited["germline"]["findings"])),
        "provenance": {
            "steps": steps(tables, shared),
            "settings": settings(tables, shared),
            "sources": sources(shared),
        },
    }
    model["status_words"] = shared.words.term("status", str(model["status"]))
    model["patient"] = patient(tables, model, shared)
    return model


def _completed(model: dict[str, Any], tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The model with what is told of its sections: figures, references, the way of each gene."""
    model["glance"] = glance(model, shared)
    model["figures"] = figures(model, tables, shared)
    model["references"] = references(model)
    model["trace"] = trace(model, tables, shared)
    model["outline"] = outline(model, tables, shared)
    return model


def models(
    samples: Iterable[Row], tables: Mapping[str, Any], pack: Knowledge, run: RunFacts
) -> Iterator[dict[str, Any]]:
    """The report models of a batch, one at a time, so that memory holds one sample's rows.

    Args:
        samples: Rows of the table samples; the models come in their order.
        tables: Arrow tables by name (`TABLES`), as `tables.read` returns them: sorted by
            sample_id, where they have it. A table may be absent.
        pack: The knowledge pack of the run.
        run: What the reports must know of the run.

    Yields:
        A model a sample.
    """
    from apothecary.reports.slices import Slices

    shared = context(pack, run)
    slices = Slices(tables)
    for sample in samples:
        yield sample_model(SampleTables(sample, slices.of(sample["sample_id"])), shared)


def _of_subject(tables: SampleTables) -> SampleTables:
    """The clinical facts and medicines of the sample's own subject only."""
    subject = tables.sample["subject_id"]
    own = {
        name: [row for row in tables.rows(name) if row["subject_id"] == subject]
        for name in ("clinical", "medicines")
    }
    return SampleTables(tables.sample, {**tables.tables, **own})


def _with_quality(tables: SampleTables) -> SampleTables:
    """The outcomes of the quality control among those of the other steps."""
    outcomes = [*tables.rows("outcomes"), *tables.rows("qc_outcomes")]
    return SampleTables(tables.sample, {**tables.tables, "outcomes": outcomes})


def _failure(tables: SampleTables, shared: Context) -> list[dict[str, str]]:
    """The steps that failed with their reasons; a sample without any outcome failed as well."""
    outcomes = tables.rows("outcomes")
    if not outcomes:
        return [{"step": "read_variants", "reason": shared.words("not_assessed.no_step")}]
    failed = [row for row in outcomes if row["status"] == "failed"]
    # A sample that fails quality control is read no further for the same reason: told once.
    told: dict[str, str] = {}
    for row in sorted(failed, key=lambda row: str(row["step"])):
        told.setdefault(row["reason"] or shared.words("not_assessed.no_reason"), str(row["step"]))
    return [{"step": step, "reason": reason} for reason, step in told.items()]


def _note(section: str, tables: SampleTables, shared: Context) -> str:
    """Why a section on pharmacogenes is empty."""
    withheld = tables.withheld(shared.run.get("consent_asked", True))
    if tables.sample["role"] == "tumor":
        return shared.words(f"{section}.not_applicable")
    return shared.words(f"{section}.withheld" if "pharmacogenes" in withheld else f"{section}.none")


def _status(tables: SampleTables, failure: list[dict[str, str]]) -> str:
    if failure:
        return "failed"
    remarks = tables.rows("tumor_flags") or any(
        row["status"] == "warn" for row in tables.rows("outcomes")
    )
    return "warn" if remarks else "ok"
