"""What a run will do: its configuration, its samples and their batches.

The workflow and the launcher ask here, so that both see the same run.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import code, samples, settings, sheets
from apothecary.batch_tables import BATCH_TABLES, QC_TABLES
from apothecary.samples import INPUT_COLUMNS, READ_FORMATS, InputPolicy, SheetPaths, Sheets


@dataclass(frozen=True)
class Plan:
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
        keys = ("samples", "clinical", "consent", "batch_size", "inputs", "knowledge")
        return {key: self.config[key] for key in keys}

    @property
    def reading_config(self) -> dict[str, Any]:
        """The part of the configuration that the samples' files are read by."""
        return {key: self.config[key] for key in ("variants", "oncogenes", "reference")}

    @property
    def report_settings(self) -> dict[str, Any]:
        """The part of the configuration that reports tell."""
        return {
            "laboratory": self.config["reports"]["laboratory"],
            "pharmacogenes": self.config["pharmacogenes"],
            "oncogenes": self.config["oncogenes"],
            "thresholds": self.config["variants"]["thresholds"],
            "reference": bool(self.config["reference"]["fasta"]),
            "gene_models": bool(self.config["reference"]["gff"]),
            "consent_asked": bool(self.config["consent"]),
        }

    @property
    def config_without_places(self) -> dict[str, Any]:
        """The configuration but for where results go, which changes no result."""
        return {key: value for key, value in self.config.items() if key != "pathvars"}

    @property
    def batch_tables(self) -> tuple[str, ...]:
        """The tables that every batch has."""
        return BATCH_TABLES

    @property
    def sheet_files(self) -> list[str]:
        """The sheets that the configuration names."""
        return [self.config[k] for k in ("samples", "clinical", "consent") if self.config[k]]

    @property
    def sheet_folder(self) -> str:
        """The folder that paths in the sample sheet are relative to."""
        return str(Path(self.config["samples"]).parent)

    @property
    def reference_files(self) -> list[str]:
        """The reference sequence and gene models, where the configuration gives them."""
        return [path for path in self.config["reference"].values() if path]

    @property
    def identity_tables(self) -> dict[str, str]:
        """The SNPs that tell persons apart, and their allele counts."""
        return {
            "snps": self._resource("identity_snps.tsv", "identity"),
            "allele_counts": self._resource("identity_allele_counts.tsv", "identity"),
        }

    @property
    def target_files(self) -> list[str]:
        """The targets of the assay, where the configuration gives them."""
        return [path for path in (self.config["qc"]["targets"],) if path]

    @property
    def aligned_samples(self) -> list[str]:
        """The samples that are given as reads, in the order of the sheet."""
        return [row["sample_id"] for row in self.sheets.samples if row["format"] in READ_FORMATS]

    @property
    def aligned_batches(self) -> list[str]:
        """The batches that have such a sample, in the order of the sheet."""
        aligned = set(self.aligned_samples)
        return [batch for batch, names in self.batches.items() if not aligned.isdisjoint(names)]

    def reads_of(self, wildcards: Mapping[str, str]) -> list[str]:
        """The alignments of a sample and their index: those of the sheet, or those made here.

        Args:
            wildcards: With the wildcard `sample`.

        Returns:
            Two paths; those made here with the pathvar of the results folder.
        """
        sample = getattr(wildcards, "sample", None) or wildcards["sample"]
        (row,) = (row for row in self.sheets.samples if row["sample_id"] == sample)
        path = f"<results>/alignments/{sample}.bam"
        if row["format"] != "fastq":
            path = str(Path(self.sheet_folder) / row["input"])
        if row["index"]:
            return [path, str(Path(self.sheet_folder) / row["index"])]
        return [path, f"{path}.{'crai' if row['format'] == 'cram' else 'bai'}"]

    def measured(self, table: str) -> Callable[[Mapping[str, str]], list[str]]:
        """The tables that were made of each sample of a batch that is given as reads.

        Args:
            table: Name of the table.

        Returns:
            A function of wildcards with `batch` that gives the paths in the order of the sheet.
        """

        def paths(wildcards: Mapping[str, str]) -> list[str]:
            batch = getattr(wildcards, "batch", None) or wildcards["batch"]
            aligned = set(self.aligned_samples)
            names = [name for name in self.batches[batch] if name in aligned]
            return [f"<results>/qc/{name}/{table}.parquet" for name in names]

        return paths

    def quality_tables(self, wildcards: Mapping[str, str]) -> dict[str, str]:
        """The tables of the quality of a batch's alignments, by name; none without alignments.

        Args:
            wildcards: With the wildcard `batch`.
        """
        batch = getattr(wildcards, "batch", None) or wildcards["batch"]
        if batch not in self.aligned_batches:
            return {}
        return {name: f"<results>/tables/{batch}/{name}.parquet" for name in QC_TABLES}

    @property
    def qc_tables(self) -> tuple[str, ...]:
        """The tables that every batch with alignments has."""
        return QC_TABLES

    @property
    def multiqc(self) -> list[str]:
        """The folder of MultiQC; none in a run without alignments."""
        return ["<results>/multiqc"] if self.aligned_samples else []

    def input_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The user's files that a batch is read from.

        Args:
            wildcards: With the wildcard `batch`.

        Returns:
            Paths, each once, in the order of the sheet.
        """
        batch = getattr(wildcards, "batch", None) or wildcards["batch"]
        folder = Path(self.sheet_folder)
        paths = [
            str(folder / row[column])
            for row in self.sheets.samples
            if row["batch"] == batch
            for column in INPUT_COLUMNS
            if row[column]
        ]
        return list(dict.fromkeys(paths))

    def code(self, rule: str) -> str:
        """Digest of the code that a rule runs; see `apothecary.code.digest`."""
        return code.digest(self.root / "scripts" / f"{rule}.py")


def load(config: Mapping[str, Any], root: Path, name: str, *, check_files: bool = True) -> Plan:
    """Check a configuration and its sheets.

    Args:
        config: The configuration as read.
        root: The folder of the workflow.
        name: The config's name for messages.
        check_files: Whether the input files are looked at, beside the sheets.

    Returns:
        The plan of the run.

    Raises:
        WorkflowInputError: With every problem of the configuration, or else of all sheets.
    """
    schemas = root / "workflow" / "schemas"
    checked = settings.check(config, sheets.load_schema(schemas / "config.schema.yaml"), name)
    paths = SheetPaths(
        samples=Path(checked["samples"]),
        clinical=Path(checked["clinical"]) if checked["clinical"] else None,
        consent=Path(checked["consent"]) if checked["consent"] else None,
        schemas=schemas,
        clinical_items=root / "resources" / "clinical_items.tsv",
    )
    policy = InputPolicy(symlinks=checked["inputs"]["symlinks"], check_files=check_files)
    source = Path(checked["knowledge"]["source"] or root / "resources" / "knowledge")
    loaded = samples.load(paths, checked["batch_size"], _tumor_types(source), policy)
    return Plan(root, checked, loaded, samples.batches(loaded.samples))


def _tumor_types(source: Path) -> frozenset[str]:
    file = source / "oncotree.tsv"
    if not file.is_file():
        return frozenset()
    with file.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream, delimiter="\t"))


def located(rows: list[dict[str, Any]], folder: str) -> list[dict[str, Any]]:
    """Sample rows whose paths can be opened.

    Args:
        rows: Rows of the table samples, with paths as in the sheet.
        folder: The folder of the sheet.

    Returns:
        Copies of the rows, with paths from the working folder.
    """
    return [
        {**row, **{c: str(Path(folder) / row[c]) for c in INPUT_COLUMNS if row[c]}} for row in rows
    ]
