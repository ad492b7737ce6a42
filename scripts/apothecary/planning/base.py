"""What every run needs: its configuration, sheets, batches and resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from apothecary import code, sample_outputs, selection, views
from apothecary.batch_tables import BATCH_TABLES, READ_TABLES
from apothecary.hardening.bounded import Limits
from apothecary.reads.formats import READ_FORMATS
from apothecary.samples import INPUT_COLUMNS, Sheets


@dataclass(frozen=True)
class RunPlan:
    """A run that has been checked.

    Attributes:
        root: The folder of the workflow (the one that holds the Snakefile).
        config: The configuration with all defaults.
        sheets: Rows of the tables samples, consent and clinical.
        batches: Batch to sample ids, in the order of the sheet.
    """

    root: Path
    config: Mapping[str, Any]
    sheets: Sheets
    batches: Mapping[str, list[str]]

    @cached_property
    def _rows_of_samples(self) -> dict[str, Mapping[str, Any]]:
        return {row["sample_id"]: row for row in self.sheets.samples}

    @cached_property
    def _rows_of_batches(self) -> dict[str, list[Mapping[str, Any]]]:
        return grouped(self.sheets.samples, "batch")

    @cached_property
    def _lanes_of_samples(self) -> dict[str, list[Mapping[str, Any]]]:
        return grouped(self.sheets.reads, "sample_id")

    @cached_property
    def _normals_of_subjects(self) -> dict[str, Mapping[str, Any]]:
        return selection.normals_of(self.sheets.samples)

    @property
    def knowledge_source(self) -> Path:
        """Folder of the knowledge tables."""
        return Path(self.config["knowledge"]["source"] or self.root / "resources" / "knowledge")

    @property
    def knowledge_lock(self) -> Path:
        """Lock of the knowledge tables."""
        return Path(self.config["knowledge"]["lock"] or self.root / "resources" / "knowledge.lock")

    @property
    def knowledge_files(self) -> list[str]:
        """The knowledge tables, sorted by name."""
        return sorted(str(path) for path in self.knowledge_source.glob("*.tsv*"))

    @property
    def drug_tables(self) -> dict[str, str]:
        """The dictionary of medicines, by what each table holds."""
        return {name: self._resource(f"{name}.tsv") for name in ("drugs", "salt_forms")}

    @property
    def conversion_tables(self) -> dict[str, str]:
        """Effects of medicines on enzymes and classes of activity scores."""
        return {
            name: self._resource(f"{name}.tsv") for name in ("phenoconversion", "activity_scores")
        }

    @property
    def tag_table(self) -> str:
        """The tag variants of HLA alleles."""
        return self._resource("hla_tag_variants.tsv")

    @property
    def patient_tables(self) -> list[str]:
        """Plain words for terms of genetics and names of medicines, sorted by name."""
        tables = ("names", "results", "strengths")
        return [self._resource(f"{name}.tsv", "patients") for name in tables]

    @property
    def fhir_tables(self) -> dict[str, str]:
        """The codes of FHIR bundles, by what each table holds."""
        return {
            "answers": self._resource("answers.tsv", "fhir"),
            "codes": self._resource("codes.tsv", "fhir"),
            "genes": self._resource("genes.tsv", "fhir"),
            "drugs": self._resource("drugs.tsv"),
            "accessions": self._resource("chromosome_accessions.tsv", "consequences"),
        }

    @property
    def card_indicators(self) -> str:
        """How urgent the card of a recommendation is."""
        return self._resource("indicators.tsv", "cards")

    @property
    def statement_tables(self) -> dict[str, str]:
        """Accessions and terms of GA4GH statements, by what each table holds."""
        tables = {
            "accessions": "refget_accessions",
            "predicates": "predicates",
            "classes": "oncogenicity_classes",
            "germline_classes": "pathogenicity_classes",
            "germline_codes": "pathogenicity_codes",
        }
        return {key: self._resource(f"{name}.tsv", "statements") for key, name in tables.items()}

    @property
    def maf_classes(self) -> str:
        """What consequences are called in a MAF."""
        return self._resource("maf_classes.tsv", "exports")

    @property
    def imported_knowledge(self) -> list[str]:
        """The tables that the user imported, sorted by folder and name."""
        folders = [Path(folder) for folder in self.config["knowledge"]["imported"]]
        return [str(path) for folder in folders for path in sorted(folder.glob("*.tsv*"))]

    @property
    def dose_tables(self) -> list[str]:
        """The tables of the dose models, sorted by name."""
        return sorted(self._resource(path.name, "dose_models") for path in self._dose_models())

    def _dose_models(self) -> list[Path]:
        return list((self.root / "resources" / "dose_models").glob("*.tsv"))

    def _resource(self, name: str, folder: str = "") -> str:
        return str(self.root / "resources" / folder / name)

    @property
    def sheet_config(self) -> dict[str, Any]:
        """The part of the configuration that the sheets are read by."""
        sheets_of = ("samples", "clinical", "consent", "orders", "reads")
        keys = (*sheets_of, "reference", "batch_size", "inputs", "knowledge")
        return {key: self.config[key] for key in keys}

    @property
    def reading_config(self) -> dict[str, Any]:
        """The part of the configuration that the samples' files are read by."""
        parts = {key: self.config[key] for key in ("inputs", "variants", "oncogenes")}
        reference = {key: self.config["reference"][key] for key in ("fasta", "gff", "build")}
        research = self.config["pharmacogenes"]["research_genes"]
        return {
            **parts,
            "reference": reference,
            "research_genes": research,
            "folder": self.sheet_folder,
        }

    @property
    def limits(self) -> dict[str, int]:
        """What the reading of a file may take, as resources: a change of it reruns nothing."""
        return Limits.of(self.config).as_resources()

    @property
    def sites_config(self) -> dict[str, Any]:
        """The part of the configuration that sites are called by."""
        parts = {key: self.config[key] for key in ("inputs", "pharmacogenes", "reference")}
        return {**parts, "folder": self.sheet_folder}

    @property
    def report_settings(self) -> dict[str, Any]:
        """The part of the configuration that reports tell."""
        qc = self.config["qc"]
        return {
            "laboratory": self.config["reports"]["laboratory"],
            "pharmacogenes": self.config["pharmacogenes"],
            "oncogenes": self.config["oncogenes"],
            "thresholds": self.config["variants"]["thresholds"],
            "reference": bool(self.config["reference"]["fasta"]),
            "gene_models": bool(self.config["reference"]["gff"]),
            "consent_asked": bool(self.config["consent"]),
            "panel_known": any((qc["targets"], qc["genes"], self.config["calling"]["targets"])),
            **{key: self.config["reports"][key] for key in ("method", "research", "sign_off")},
        }

    def previous_run(self, wildcards: Mapping[str, str]) -> list[str]:
        """The manifest of the run whose reports are amended, where the configuration names one.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        folder = self.config["reports"]["previous"]
        return [str(Path(folder) / "manifest.json")] if folder else []

    @property
    def view_folders(self) -> list[str]:
        """The folders of the views that the configuration asks for; see `apothecary.views`."""
        return views.folders(self.config["reports"]["views"], self.batches)

    @property
    def config_without_places(self) -> dict[str, Any]:
        """The configuration but for where results go and knowledge lies, which change no result."""
        knowledge = {k: v for k, v in self.config["knowledge"].items() if k != "pack"}
        rest = {key: value for key, value in self.config.items() if key != "pathvars"}
        return {**rest, "knowledge": knowledge}

    def pack_folder(self, config: Mapping[str, Any] | None = None) -> Path:
        """Folder of the built knowledge pack, relative to the working directory.

        Args:
            config: The configuration that takes the place of this run's, where one does.
        """
        given = config if config is not None else self.config
        pack = given.get("knowledge", {}).get("pack") or given.get("pathvars", {}).get("pack")
        return Path(pack or "build/knowledge")

    @property
    def variant_files(self) -> dict[str, Path]:
        """The variant file of each sample that is given as one."""
        folder = Path(self.sheet_folder)
        return {
            row["sample_id"]: folder / row["input"]
            for row in self.sheets.samples
            if row["format"] not in READ_FORMATS
        }

    @property
    def batch_tables(self) -> tuple[str, ...]:
        """The tables that every batch has."""
        return (*BATCH_TABLES, *READ_TABLES) if self.sheets.reads else BATCH_TABLES

    @property
    def sheet_files(self) -> list[str]:
        """The sheets that the configuration names."""
        named = [self.config[k] for k in ("samples", "clinical", "consent", "orders")]
        return [path for path in (*named, self.config["reads"]["sheet"]) if path]

    @property
    def sheet_folder(self) -> str:
        """The folder that paths in the sample sheet are relative to."""
        return str(Path(self.config["samples"]).parent)

    def reference_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The reference sequence and gene models, where the configuration gives them.

        Args:
            wildcards: Not looked at. Files that may lie in the folder of the sheets are given by a
                function, since Snakemake's linter takes that folder for a prefix of other files.
        """
        reference = self.config["reference"]
        return [reference[key] for key in ("fasta", "gff") if reference[key]]

    @property
    def reference_fasta(self) -> list[str]:
        """The reference sequence, where the configuration gives it."""
        return [path for path in (self.config["reference"]["fasta"],) if path]

    @property
    def reference_contigs(self) -> str:
        """The table of the chromosomes of the known builds."""
        return self._resource("reference_contigs.tsv")

    @property
    def sample_outputs(self) -> list[str]:
        """The files of each sample that is given as reads; see `apothecary.sample_outputs`."""
        return sample_outputs.paths(self.sheets.samples)

    def input_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The user's files that a batch is read from.

        Args:
            wildcards: With the wildcard `batch`.

        Returns:
            Paths, each once, in the order of the sheet.
        """
        return self._files(wildcards, INPUT_COLUMNS)

    def read_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The BAM and CRAM files of a batch, in the order of the sheet; see `input_files`."""
        return self._files(wildcards, ("reads",))

    def _files(self, wildcards: Mapping[str, str], columns: Sequence[str]) -> list[str]:
        batch = wildcard(wildcards, "batch")
        folder = Path(self.sheet_folder)
        paths = [
            str(folder / row[column])
            for row in self._rows_of_batches.get(batch, [])
            for column in columns
            if row[column]
        ]
        return list(dict.fromkeys(paths))

    def code(self, rule: str) -> str:
        """Digest of the code that a rule runs; see `apothecary.code.digest`."""
        return code.digest(self.root / "scripts" / f"{rule}.py")


def grouped(rows: Sequence[Mapping[str, Any]], column: str) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by the value of a column, in their order."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def wildcard(wildcards: Mapping[str, str], name: str) -> str:
    """A wildcard, by attribute as Snakemake gives it or by key."""
    return str(getattr(wildcards, name, None) or wildcards[name])
