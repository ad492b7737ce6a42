"""All files of the samples of a batch to tables, consent first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apothecary import attachments, sample_paths, schemas, tables
from apothecary.alignments import admission
from apothecary.consent import granted_scopes, withheld_scopes
from apothecary.hardening.bounded import Limits
from apothecary.knowledge.pack import Pack
from apothecary.pharmacogenes import tag_screen
from apothecary.pharmacogenes.definitions import position_rows
from apothecary.pharmacogenes.tag_screen import Tag
from apothecary.reads.formats import READ_FORMATS
from apothecary.samples import INPUT_COLUMNS
from apothecary.variants import builds, scopes, stored
from apothecary.variants import read as reading

STEP = "read_variants"
_NOT_CALLED = "the sample is given as reads, from which nothing was called"


@dataclass(frozen=True)
class Called:
    """The variant files that were called from reads.

    Attributes:
        files: Path by sample id.
        failures: Why nothing could be called, by sample id.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        paths: Iterable[str],
        gated: Mapping[str, str],
        outcomes: Iterable[Mapping[str, Any]],
    ) -> Called:
        """What was called, from files in folders by sample id.

        Args:
            paths: The files.
            gated: Why the gates stopped samples.
            outcomes: Rows of the tables alignments and outcomes.
        """
        failed = {r["sample_id"]: r["reason"] for r in outcomes if r["status"] == "failed"}
        return cls({Path(path).parent.name: path for path in paths}, {**gated, **failed})


def read(
    samples: Sequence[dict[str, Any]],
    consent: Sequence[Mapping[str, Any]],
    folder: str,
    pack: Pack,
    config: Mapping[str, Any],
    work_folder: str | Path,
    tags: Sequence[Tag] = (),
    called: Called | None = None,
    limits: Limits | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """Read the variant files, outside calls, copy numbers and fusions of a batch.

    The reads of a sample are looked at, and used when its sites are called.

    Args:
        samples: Rows of the table samples, of the batch.
        consent: Rows of the table consent.
        folder: The folder that the paths of the samples are relative to.
        pack: The knowledge pack.
        config: The sections `inputs`, `variants`, `oncogenes` and `reference` of a checked
            configuration, and whether `research_genes` are read.
        work_folder: A folder for indexes and unpacked copies; the caller removes it.
        tags: Tag variants of HLA alleles, which are read beside the positions of the pack.
        called: The variant files of the samples that are given as reads.
        limits: What the reading of a file may take; none when not given.

    Returns:
        Rows by table: variants, record_fates, outcomes, outside_calls, copy_number, fusions, and
        `variant_columns`, further variants in files of the work folder (see `write`). A sample
        that cannot be read has an outcome with the reason and no other row.
    """
    granted = {row["sample_id"]: granted_scopes(row, consent) for row in samples}
    limits = limits or Limits()
    attached = attachments.read(samples, folder, granted, pack, config["oncogenes"], limits)
    called = called or Called()
    without_variants = _without_variants(samples, called)
    readable = [
        row
        for row in samples
        if row["sample_id"] not in attached.failures and row["sample_id"] not in without_variants
    ]
    research = config["research_genes"]
    positions = [*position_rows(pack, research_genes=research), *tag_screen.positions(tags)]
    found = reading.read_variants(
        [as_called(row, called) for row in sample_paths.located(readable, folder)],
        {
            row["sample_id"]: scopes.regions(
                granted[row["sample_id"]],
                withheld_scopes(row, consent),
                positions,
                pack.rows("gene_regions"),
                pack.rows("germline_genes"),
            )
            for row in readable
        },
        builds.known_sites(pack.rows("pgx_positions"), pack.rows("known_variants")),
        config,
        work_folder,
        limits,
    )
    admitted = admission.admit_samples(
        sample_paths.located(readable, folder),
        {
            row["sample_id"]: row["build"]
            for row in found.outcomes
            if row["status"] != "failed" and "pharmacogenes" in granted[row["sample_id"]]
        },
        pack.rows("pgx_positions"),
        config,
        work_folder,
        limits,
    )
    outcomes = [_with_reads(row, admitted) for row in found.outcomes] + [
        {"sample_id": name, "step": STEP, "status": "failed", "reason": reason}
        for name, reason in {**without_variants, **attached.failures}.items()
    ]
    outcomes = [_as_in_sheet(row, samples, folder) for row in outcomes]
    failed = {row["sample_id"] for row in outcomes if row["status"] == "failed"}
    tables = {
        "variants": found.variants,
        "variant_columns": found.variant_columns,
        "record_fates": found.record_fates,
        "outside_calls": attached.outside_calls,
        "copy_number": attached.copy_number,
        "fusions": attached.fusions,
    }
    kept = {
        name: [row for row in rows if row["sample_id"] not in failed]
        for name, rows in tables.items()
    }
    return {**kept, "outcomes": outcomes}


def write(rows: Mapping[str, list[dict[str, Any]]], output: Mapping[str, str], digest: str) -> None:
    """Write what `read` gave.

    Args:
        rows: Rows by table.
        output: Path by table.
        digest: Digest of the knowledge pack.
    """
    for name, path in output.items():
        table = schemas.TABLES[name]
        if name == schemas.VARIANTS.name and rows["variant_columns"]:
            batches = stored.batches(rows[name], rows["variant_columns"])
            tables.write_batches(path, table, tables.in_groups(batches), knowledge=digest)
        else:
            tables.write(path, table, rows[name], knowledge=digest)


def _with_reads(outcome: dict[str, Any], admitted: admission.Admission) -> dict[str, Any]:
    """An outcome with what was found of the reads of its sample."""
    name = outcome["sample_id"]
    if name in admitted.failures:
        return {**outcome, "status": "failed", "reason": admitted.failures[name], "notes": []}
    if name not in admitted.warnings:
        return outcome
    text = admitted.warnings[name]
    reason = "; ".join(filter(None, (outcome["reason"], text)))
    notes = [*(outcome["notes"] or []), text]
    return {**outcome, "status": "warn", "reason": reason, "notes": notes}


def _without_variants(samples: Sequence[Mapping[str, Any]], called: Called) -> dict[str, str]:
    """The samples that are given as reads and have no variants, with the reason."""
    return {
        row["sample_id"]: called.failures.get(row["sample_id"], _NOT_CALLED)
        for row in samples
        if row["format"] in READ_FORMATS
        and (row["sample_id"] in called.failures or row["sample_id"] not in called.files)
    }


def as_called(sample: dict[str, Any], called: Called) -> dict[str, Any]:
    """A sample with the file that was called from its reads in the place of them.

    Args:
        sample: Row of the table samples.
        called: The files; one that is given as reads has its own there.
    """
    if sample["format"] not in READ_FORMATS:
        return sample
    path = called.files[sample["sample_id"]]
    form = "gvcf" if path.endswith(".g.vcf.gz") else "vcf"
    column = sample["sample_id"]
    named = {"sample_in_file": column, "index": f"{path}.tbi", "format": form}
    return {**sample, "input": path, **named}


def _as_in_sheet(
    outcome: dict[str, Any], samples: Sequence[Mapping[str, Any]], folder: str
) -> dict[str, Any]:
    """An outcome whose words name files as the sheet does, so that they tell no place."""
    (sample,) = (row for row in samples if row["sample_id"] == outcome["sample_id"])
    (placed,) = sample_paths.located([dict(sample)], folder)
    reason, notes = outcome["reason"], list(outcome.get("notes") or [])
    for column in INPUT_COLUMNS:
        if sample[column]:
            reason = reason.replace(placed[column], sample[column])
            notes = [note.replace(placed[column], sample[column]) for note in notes]
    return {**outcome, "reason": reason, "notes": notes}
