"""What a knowledge pack says of the stored tables of a run, without reading an input again.

Diplotypes, consequences and all else that was called stay as they are. Phenotypes, guidance,
conflicts, doses and the evidence of tumors are matched anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import schemas, selection, tables
from apothecary.batch_tables import BATCH_TABLES, CALL_TABLES, QC_TABLES
from apothecary.knowledge.pack import Pack
from apothecary.oncogenes import (
    actionability,
    batch_tables,
    cases,
    defining_fusions,
    escat,
    evidence,
    markers,
    unassessed,
)
from apothecary.oncogenes.settings import Settings
from apothecary.pharmacogenes import (
    definitions,
    drugs,
    interactions,
    phenoconversion,
    phenotypes,
    recommendations,
    whole_guidelines,
)
from apothecary.pharmacogenes.doses import calculate, models
from apothecary.qc import gates
from apothecary.runs import Run
from apothecary.tables import Table

Row = Mapping[str, Any]
MATCHED = ("phenotypes", "recommendations", "interactions", "doses", "actionability")


@dataclass(frozen=True)
class Rematched(Run):
    """A run whose tables of `MATCHED` are by another pack.

    Attributes:
        made: Rows by table.
    """

    made: Mapping[str, list[dict[str, Any]]]

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """The rows that were matched; those of other tables as the run has them."""
        return self.made[table.name] if table.name in self.made else super().rows(table)


def rematch(run: Run, pack: Pack, resources: Path) -> Rematched:
    """Match the stored tables of a run with a pack.

    Args:
        run: A run that has ended.
        pack: The knowledge pack.
        resources: The folder of the tables that the program carries.

    Returns:
        The run as the pack has it.

    Raises:
        WorkflowInputError: The run lacks a table, since it has not ended.
        ResourceError: A table is of another schema version.
    """
    made = _pharmacogenes(run, pack, resources)
    made["actionability"] = list(_tumors(run, pack, resources))
    return Rematched(run.folder, run.samples, made)


def _pharmacogenes(run: Run, pack: Pack, resources: Path) -> dict[str, list[dict[str, Any]]]:
    samples = list(run.samples.values())
    defined = definitions.from_pack(pack)
    taken = drugs.taken(samples, run.whole_run(schemas.MEDICINES))
    clinical = run.whole_run(schemas.CLINICAL)
    effects = phenoconversion.load(
        resources / "phenoconversion.tsv", resources / "activity_scores.tsv"
    )
    assigned = phenoconversion.apply(
        phenotypes.assign(run.rows(schemas.DIPLOTYPES), defined),
        taken,
        effects,
        phenoconversion.guided_scores(defined),
    )
    positions = whole_guidelines.positions_of_samples(run.rows(schemas.SITES), defined)
    advised = recommendations.match(assigned, pack, taken, positions)
    smoking = interactions.smokers(samples, clinical)
    conflicts = interactions.find(assigned, taken, smoking, effects, interactions.guided_by(pack))
    by_dose = models.load(sorted(map(str, (resources / "dose_models").glob("*.tsv"))))
    doses = calculate.calculate(samples, taken, clinical, assigned, advised, by_dose)
    found = {
        "phenotypes": assigned,
        "recommendations": advised,
        "interactions": conflicts,
        "doses": doses,
    }
    # As they come back from a file: every column there, sorted by the key.
    return {name: _stored(schemas.TABLES[name], rows) for name, rows in found.items()}


def _tumors(run: Run, pack: Pack, resources: Path) -> Iterator[dict[str, Any]]:
    config = run.manifest()["config"]
    known = evidence.index(pack, config["calling"]["chain"] or "")
    thresholds = Settings.of(config["oncogenes"])
    defining = defining_fusions.read(resources / "defining_fusions.tsv")
    names = markers.load(resources / "biomarkers" / "evidence_markers.tsv")
    rules = escat.read(resources / "escat_rules.tsv")
    consent = run.whole_run(schemas.CONSENT)
    for batch in run.batches:
        paths = {
            name: str(path)
            for name in (*BATCH_TABLES, *QC_TABLES, *CALL_TABLES)
            if (path := run.path(schemas.TABLES[name], batch)).is_file()
        }
        quality = gates.read(paths)
        in_batch = [row for row in run.samples.values() if row["batch"] == batch]
        outcomes = _rows(run, schemas.OUTCOMES, batch) + quality.outcomes
        tumors = selection.tumors_read(in_batch, outcomes)
        granted = {
            row["sample_id"]
            for row in selection.samples_of_scope(tumors, consent, outcomes, "tumor")
        }
        of_batch = cases.of_batch(
            batch_tables.read(paths), tumors, known, thresholds, defining, names
        )
        opened = [case for case in of_batch if case.sample["sample_id"] in granted]
        matched = actionability.match(opened, known, thresholds, rules)
        lost = gates.not_assessed_genes(quality.gates, "gene")
        rows = unassessed.tell(matched, [case.sample for case in opened], lost)
        yield from _stored(schemas.ACTIONABILITY, rows)


def _rows(run: Run, table: Table, batch: str) -> list[dict[str, Any]]:
    return tables.read_rows(run.path(table, batch), table)


def _stored(table: Table, rows: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tables.to_arrow(table, rows).to_pylist()
    return found
