"""What tumors need: facts, user files and settings of what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary import sample_outputs
from apothecary.oncogenes.sop.names import ONCOGENICITY_FILES, ONCOGENICITY_TABLES
from apothecary.planning.base import wildcard
from apothecary.planning.reads import ReadsPlan
from apothecary.reads.formats import READ_FORMATS
from apothecary.trials import documents


@dataclass(frozen=True)
class TumorsPlan(ReadsPlan):
    """The part of a plan that is of tumors."""

    @property
    def oncogenicity_tables(self) -> dict[str, str]:
        """The tables of the procedure of oncogenicity, by what each holds."""
        return {name: self._resource(f"{name}.tsv", "oncogenicity") for name in ONCOGENICITY_TABLES}

    def oncogenicity_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The user's files that oncogenicity is told from.

        Args:
            wildcards: Not looked at; see `target_files`.
        """
        named = (self.config["oncogenicity"][key] for key in ONCOGENICITY_FILES)
        return [path for path in named if path]

    @property
    def defining_fusions(self) -> str:
        """The fusions that tumor types are defined by."""
        return self._resource("defining_fusions.tsv")

    @property
    def escat_rules(self) -> str:
        """The rules of the computed ESCAT tiers."""
        return self._resource("escat_rules.tsv")

    @property
    def tumor_settings(self) -> dict[str, Any]:
        """How copy number is told from depth, and how its states are told."""
        return {key: self.config[key] for key in ("oncogenes", "tumors")}

    def expression_matrix(self, wildcards: Mapping[str, str]) -> list[str]:
        """The matrix of expression, where the configuration gives one.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        return [path for path in (self.config["tumors"]["expression"],) if path]

    def trial_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The files of the trials that patients are held against.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        return documents.files(self.config["trials"]["files"])

    @property
    def trial_settings(self) -> dict[str, Any]:
        """How patients are held against trials."""
        return {key: self.config["trials"][key] for key in ("absent_is_negative", "min_cell")}

    def consequence_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The user's files that consequences are named by, where the configuration gives them.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        return [*self.reference_files(wildcards), *self.chain_files(wildcards)]

    @property
    def consequence_facts(self) -> list[str]:
        """The facts that consequences are named by."""
        names = ("chromosome_accessions", "classes", "mane_plus_clinical", "nmd_rules")
        return [self._resource(f"{name}.tsv", "consequences") for name in names]

    @property
    def consequence_config(self) -> dict[str, Any]:
        """The part of the configuration by which consequences are named and neighbours joined."""
        keys = ("inputs", "reference", "oncogenes", "calling")
        return {**{key: self.config[key] for key in keys}, "folder": self.sheet_folder}

    def tumor_alignments(self, wildcards: Mapping[str, str]) -> list[str]:
        """The alignments, with indexes, of the tumors of a batch that are given as reads.

        Args:
            wildcards: With the wildcard `batch`.
        """
        batch = wildcard(wildcards, "batch")
        return [
            path
            for row in self._rows_of_batches.get(batch, [])
            if row["role"] == "tumor" and row["format"] in READ_FORMATS
            for path in self.reads_of({"sample": row["sample_id"]})
        ]

    def batch_microsatellites(self, wildcards: Mapping[str, str]) -> list[str]:
        """The homopolymers of the tumors of a batch that are given as reads.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return [
            sample_outputs.microsatellites(row)
            for row in self._given_as_reads(wildcards)
            if row["role"] == "tumor"
        ]

    @property
    def biomarker_config(self) -> dict[str, Any]:
        """The part of the configuration that biomarkers are assessed by."""
        return {key: self.config[key] for key in ("biomarkers", "oncogenes", "reference")}

    @property
    def biomarker_tables(self) -> list[str]:
        """The tables of resources/biomarkers, sorted by name."""
        tables = (self.root / "resources" / "biomarkers").glob("*.tsv")
        return sorted(self._resource(path.name, "biomarkers") for path in tables)

    @property
    def evidence_markers(self) -> str:
        """The table of the names of biomarkers in evidence."""
        return self._resource("evidence_markers.tsv", "biomarkers")

    @property
    def ctml_terms(self) -> str:
        """The table of the terms of trials in CTML."""
        return self._resource("ctml_terms.tsv", "trials")

    def biomarker_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The user's files that biomarkers are assessed by, beside the reference.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        return [path for path in (self.config["biomarkers"]["tmb"]["regions"],) if path]

    def biomarker_baseline(self, wildcards: Mapping[str, str]) -> list[str]:
        """The tables of normals that homopolymers of tumors without a normal are held against.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        return list(self.config["biomarkers"]["msi_reads"]["baseline"])
