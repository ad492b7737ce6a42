"""What a run will do: its configuration, its samples and their batches.

The workflow and the launcher ask here, so that both see the same run.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from apothecary import code, sample_outputs, samples, selection, settings, sheets
from apothecary.batch_tables import BATCH_TABLES, CALL_TABLES, QC_TABLES, READ_TABLES
from apothecary.callers import CALLER_ENVIRONMENTS
from apothecary.errors import Problem, WorkflowInputError
from apothecary.input_files import InputPolicy
from apothecary.oncogenes.sop.names import ONCOGENICITY_FILES, ONCOGENICITY_TABLES
from apothecary.reads.formats import READ_FORMATS
from apothecary.reads.sheet import FASTQ_COLUMNS
from apothecary.samples import INPUT_COLUMNS, SheetPaths, Sheets
from apothecary.trials import documents


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

    # Asked once a job: what is looked up here must not grow with the samples of the run.

    @cached_property
    def _rows_of_samples(self) -> dict[str, Mapping[str, Any]]:
        return {row["sample_id"]: row for row in self.sheets.samples}

    @cached_property
    def _rows_of_batches(self) -> dict[str, list[Mapping[str, Any]]]:
        return _grouped(self.sheets.samples, "batch")

    @cached_property
    def _lanes_of_samples(self) -> dict[str, list[Mapping[str, Any]]]:
        return _grouped(self.sheets.reads, "sample_id")

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
    def tag_table(self) -> str:
        """The tag variants of HLA alleles."""
        return self._resource("hla_tag_variants.tsv")

    @property
    def imported_knowledge(self) -> list[str]:
        """The tables that the user imported, sorted by folder and name."""
        folders = [Path(folder) for folder in self.config["knowledge"]["imported"]]
        return [str(path) for folder in folders for path in sorted(folder.glob("*.tsv*"))]

    @property
    def defining_fusions(self) -> str:
        """The fusions that tumor types are defined by."""
        return self._resource("defining_fusions.tsv")

    @property
    def escat_rules(self) -> str:
        """The rules of the computed ESCAT tiers."""
        return self._resource("escat_rules.tsv")

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
        sheets_of = ("samples", "clinical", "consent", "reads")
        keys = (*sheets_of, "reference", "batch_size", "inputs", "knowledge")
        return {key: self.config[key] for key in keys}

    @property
    def reading_config(self) -> dict[str, Any]:
        """The part of the configuration that the samples' files are read by."""
        parts = {key: self.config[key] for key in ("inputs", "limits", "variants", "oncogenes")}
        reference = {key: self.config["reference"][key] for key in ("fasta", "gff", "build")}
        research = self.config["pharmacogenes"]["research_genes"]
        return {
            **parts,
            "reference": reference,
            "research_genes": research,
            "folder": self.sheet_folder,
        }

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

    @property
    def sites_config(self) -> dict[str, Any]:
        """The part of the configuration that sites are called by."""
        parts = {key: self.config[key] for key in ("inputs", "pharmacogenes", "reference")}
        return {**parts, "folder": self.sheet_folder}

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
        named = [self.config[k] for k in ("samples", "clinical", "consent")]
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
        batch = _wildcard(wildcards, "batch")
        return [
            path
            for row in self._rows_of_batches.get(batch, [])
            if row["role"] == "tumor" and row["format"] in READ_FORMATS
            for path in self.reads_of({"sample": row["sample_id"]})
        ]

    @property
    def reference_fasta(self) -> list[str]:
        """The reference sequence, where the configuration gives it."""
        return [path for path in (self.config["reference"]["fasta"],) if path]

    @property
    def reference_contigs(self) -> str:
        """The table of the chromosomes of the known builds."""
        return self._resource("reference_contigs.tsv")

    @property
    def reference_options(self) -> dict[str, Any]:
        """How the reference is prepared for alignment."""
        reference = self.config["reference"]
        return {
            "build": reference["build"],
            "changed_contigs": tuple(reference["changed_contigs"]),
            "aligner": self.config["reads"]["aligner"],
        }

    @property
    def alignment_options(self) -> dict[str, Any]:
        """How reads are aligned, but for the threads, which change no result."""
        keys = ("aligner", "trimming", "umi", "read_structures", "umi_min_reads", "max_quality")
        return {key: self.config["reads"][key] for key in keys}

    @property
    def reads_folder(self) -> str:
        """The folder that paths in the sheet of reads are relative to."""
        return str(Path(self.config["reads"]["sheet"]).parent)

    @property
    def alignment_files(self) -> dict[str, str]:
        """The alignments of a sample and their index, with the wildcard `sample`."""
        form = self.config["reads"]["format"]
        stem = f"<results>/alignments/{{sample}}.{form}"
        return {"alignments": stem, "index": f"{stem}.{'crai' if form == 'cram' else 'bai'}"}

    def lanes(self, wildcards: Mapping[str, str]) -> list[dict[str, Any]]:
        """The lanes of a sample, as rows of the sheet of reads.

        Args:
            wildcards: With the wildcard `sample`.
        """
        sample = _wildcard(wildcards, "sample")
        rows = self._lanes_of_samples.get(sample, [])
        return [{key: row[key] for key in row if key != "row"} for row in rows]

    def fastq_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The FASTQ files of a sample, in the order of the sheet.

        Args:
            wildcards: With the wildcard `sample`.
        """
        folder = Path(self.reads_folder)
        return [
            str(folder / lane[column])
            for lane in self.lanes(wildcards)
            for column in FASTQ_COLUMNS
            if lane[column]
        ]

    def sample_alignments(self, wildcards: Mapping[str, str]) -> list[str]:
        """The tables of the alignments of a batch's samples.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return self._of_aligned(wildcards, "alignment")

    def sample_read_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The tables of the FASTQ files of a batch's samples.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return self._of_aligned(wildcards, "read_files")

    def _of_aligned(self, wildcards: Mapping[str, str], name: str) -> list[str]:
        batch = _wildcard(wildcards, "batch")
        return [
            f"<results>/alignments/{sample}.{name}.parquet"
            for sample in self.batches[batch]
            if sample in self._lanes_of_samples
        ]

    def batch_alignments(self, wildcards: Mapping[str, str]) -> list[str]:
        """The table of the alignments of a batch; none in a run without reads.

        Args:
            wildcards: With the wildcard `batch`.
        """
        batch = _wildcard(wildcards, "batch")
        return [f"<results>/tables/{batch}/alignments.parquet"] if self.sheets.reads else []

    @property
    def calling_config(self) -> dict[str, Any]:
        """The part of the configuration that reads are called by."""
        reference = self.config["reference"]
        own = {"reference": reference["fasta"], "build": reference["build"]}
        return {**self.config["calling"], **own}

    @property
    def calling_files(self) -> list[str]:
        """The user's files that calling reads beside the alignments."""
        calling = self.config["calling"]
        given = (calling["targets"], calling["chain"], calling["somatic"]["panel_of_normals"])
        return [path for path in (self.config["reference"]["fasta"], *given) if path]

    def calling_environment(self, kind: str) -> str:
        """The conda environment of a calling rule, by the caller that is configured.

        Args:
            kind: germline or somatic.
        """
        caller = self.config["calling"][kind]["caller"]
        return str(self.root / "envs" / CALLER_ENVIRONMENTS.get(caller, "apothecary.yaml"))

    def normal_alignment(self, wildcards: Mapping[str, str]) -> list[str]:
        """The alignment of a tumor's normal and its index; none where the sheet has no normal.

        Args:
            wildcards: With the wildcard `sample`.
        """
        normal = self._normal_given_as_reads(wildcards)
        return self.reads_of({"sample": normal["sample_id"]}) if normal else []

    def normal_outcomes(self, wildcards: Mapping[str, str]) -> list[str]:
        """The table that tells whether the reads of a tumor's normal could be measured.

        Args:
            wildcards: With the wildcard `sample`.
        """
        normal = self._normal_given_as_reads(wildcards)
        return [f"<results>/qc/{normal['sample_id']}/outcomes.parquet"] if normal else []

    def _normal_given_as_reads(self, wildcards: Mapping[str, str]) -> Mapping[str, Any] | None:
        sample = _wildcard(wildcards, "sample")
        row = self._rows_of_samples.get(sample)
        named = row is not None and row["role"] == "tumor"
        normal = self._normals_of_subjects.get(row["subject_id"]) if row and named else None
        return normal if normal and normal["format"] in READ_FORMATS else None

    @property
    def identity_tables(self) -> dict[str, str]:
        """The SNPs that tell persons apart, and their allele counts."""
        return {
            "snps": self._resource("identity_snps.tsv", "identity"),
            "allele_counts": self._resource("identity_allele_counts.tsv", "identity"),
        }

    def chain_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The chain from GRCh37 to GRCh38, where the configuration gives it.

        Args:
            wildcards: Not looked at; see `target_files`.
        """
        return [path for path in (self.config["calling"]["chain"],) if path]

    def target_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The targets of the assay, where the configuration gives them.

        Args:
            wildcards: Not looked at. Files that may lie in the folder of the sheets are given by a
                function, since Snakemake's linter takes that folder for a prefix of other files.
        """
        return [path for path in (self.config["qc"]["targets"],) if path]

    @cached_property
    def aligned_samples(self) -> list[str]:
        """The samples that are given as reads, in the order of the sheet."""
        return [row["sample_id"] for row in self.sheets.samples if row["format"] in READ_FORMATS]

    @cached_property
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
        sample = _wildcard(wildcards, "sample")
        row = self._rows_of_samples[sample]
        if row["format"] == "fastq":
            return [path.format(sample=sample) for path in self.alignment_files.values()]
        path = str(Path(self.sheet_folder) / row["input"])
        if row["index"]:
            return [path, str(Path(self.sheet_folder) / row["index"])]
        return [path, f"{path}.{'crai' if row['format'] == 'cram' else 'bai'}"]

    def batch_calls(self, wildcards: Mapping[str, str]) -> list[str]:
        """The variant files that are called from the reads of a batch's samples.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return [sample_outputs.calls(row) for row in self._given_as_reads(wildcards)]

    def batch_call_outcomes(self, wildcards: Mapping[str, str]) -> list[str]:
        """The tables that tell whether the samples of a batch could be called.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return [sample_outputs.call_outcomes(row) for row in self._given_as_reads(wildcards)]

    def batch_hotspots(self, wildcards: Mapping[str, str]) -> list[str]:
        """The evidence at known variants of the tumors of a batch that are given as reads.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return [
            sample_outputs.hotspots(row)
            for row in self._given_as_reads(wildcards)
            if row["role"] == "tumor"
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

    def _given_as_reads(self, wildcards: Mapping[str, str]) -> list[Mapping[str, Any]]:
        batch = _wildcard(wildcards, "batch")
        rows = self._rows_of_batches.get(batch, [])
        return [row for row in rows if row["format"] in READ_FORMATS]

    def measured(self, table: str) -> Callable[[Mapping[str, str]], list[str]]:
        """The tables that were made of each sample of a batch that is given as reads.

        Args:
            table: Name of the table.

        Returns:
            A function of wildcards with `batch` that gives the paths in the order of the sheet.
        """

        def paths(wildcards: Mapping[str, str]) -> list[str]:
            aligned = [row["sample_id"] for row in self._given_as_reads(wildcards)]
            return [f"<results>/qc/{name}/{table}.parquet" for name in aligned]

        return paths

    def quality_tables(self, wildcards: Mapping[str, str]) -> dict[str, str]:
        """The tables of the quality of a batch's alignments, by name; none without alignments.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return self._of_alignments(wildcards, QC_TABLES)

    def quality_of(self, wildcards: Mapping[str, str]) -> dict[str, str]:
        """The tables of the quality of a sample's batch, by name.

        Args:
            wildcards: With the wildcard `sample`.
        """
        sample = _wildcard(wildcards, "sample")
        (row,) = (row for row in self.sheets.samples if row["sample_id"] == sample)
        return self.quality_tables({"batch": row["batch"]})

    def evidence_tables(self, wildcards: Mapping[str, str]) -> dict[str, str]:
        """The tables of what a batch's reads show, by name; none without alignments.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return self._of_alignments(wildcards, CALL_TABLES)

    def _of_alignments(self, wildcards: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
        batch = _wildcard(wildcards, "batch")
        if not self._given_as_reads(wildcards):
            return {}
        return {name: f"<results>/tables/{batch}/{name}.parquet" for name in names}

    @property
    def qc_tables(self) -> tuple[str, ...]:
        """The tables of quality that every batch with alignments has."""
        return QC_TABLES

    @property
    def call_tables(self) -> tuple[str, ...]:
        """The tables of what reads show that every batch with alignments has."""
        return CALL_TABLES

    @property
    def sample_outputs(self) -> list[str]:
        """The files of each sample that is given as reads; see `apothecary.sample_outputs`."""
        return sample_outputs.paths(self.sheets.samples)

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
        return self._files(wildcards, INPUT_COLUMNS)

    def read_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The BAM and CRAM files of a batch, in the order of the sheet; see `input_files`."""
        return self._files(wildcards, ("reads",))

    def _files(self, wildcards: Mapping[str, str], columns: Sequence[str]) -> list[str]:
        batch = _wildcard(wildcards, "batch")
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


def _grouped(rows: Sequence[Mapping[str, Any]], column: str) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by the value of a column, in their order."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _wildcard(wildcards: Mapping[str, str], name: str) -> str:
    """A wildcard, by attribute as Snakemake gives it or by key."""
    return str(getattr(wildcards, name, None) or wildcards[name])


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
        reads=Path(checked["reads"]["sheet"]) if checked["reads"]["sheet"] else None,
    )
    policy = InputPolicy(
        symlinks=checked["inputs"]["symlinks"],
        check_files=check_files,
        shared_reads=checked["reads"]["allow_shared"],
        personal_ids=tuple(checked["inputs"]["personal_ids"]),
    )
    source = Path(checked["knowledge"]["source"] or root / "resources" / "knowledge")
    loaded = samples.load(paths, checked["batch_size"], _tumor_types(source), policy)
    if loaded.reads:
        _check_reads_settings(checked, name)
    if check_files:
        _check_files_of_tumors(checked, name)
        _check_oncogenicity_files(checked, name)
    return Plan(root, checked, loaded, samples.batches(loaded.samples))


def _check_oncogenicity_files(checked: Mapping[str, Any], name: str) -> None:
    given = {key: checked["oncogenicity"][key] for key in ONCOGENICITY_FILES}
    problems = [
        Problem(
            name, f"no file {path!r}", "the path of a file, or empty", field=f"oncogenicity.{key}"
        )
        for key, path in given.items()
        if path and not Path(path).is_file()
    ]
    if problems:
        raise WorkflowInputError(problems)


def _check_reads_settings(checked: Mapping[str, Any], name: str) -> None:
    reads = checked["reads"]
    problems = []
    if not checked["reference"]["fasta"]:
        found = "reads, but no reference to align them to"
        problems.append(Problem(name, found, "give reference.fasta", field="reads.sheet"))
    if reads["umi"] != "none" and reads["trimming"] != "none":
        right = "none with reads.umi: UMIs are at the ends of reads"
        problems.append(Problem(name, repr(reads["trimming"]), right, field="reads.trimming"))
    if reads["umi"] != "none" and not reads["read_structures"]:
        right = "where the UMIs are, one entry for each FASTQ file of a lane"
        problems.append(Problem(name, "none", right, field="reads.read_structures"))
    if problems:
        raise WorkflowInputError(problems)


def _check_files_of_tumors(checked: Mapping[str, Any], name: str) -> None:
    named = [("trials.files", path) for path in documents.files(checked["trials"]["files"])]
    if checked["tumors"]["expression"]:
        named.append(("tumors.expression", checked["tumors"]["expression"]))
    problems = [
        Problem(name, f"{path!r} is no file", "give the path of a file", field=field)
        for field, path in named
        if not Path(path).is_file()
    ]
    problems += [
        Problem(name, f"no JSON or YAML file in {path!r}", "name trials", field="trials.files")
        for path in checked["trials"]["files"]
        if Path(path).is_dir() and not documents.files([path])
    ]
    if problems:
        raise WorkflowInputError(problems)


def _tumor_types(source: Path) -> frozenset[str]:
    file = source / "oncotree.tsv"
    if not file.is_file():
        return frozenset()
    with file.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream, delimiter="\t"))


def with_alignments(
    rows: list[dict[str, Any]], folder: str, made: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows of tumors whose reads can be opened, whichever way they were given.

    Args:
        rows: Rows of the table samples, with paths as in the sheet.
        folder: The folder of the sheet.
        made: Alignments of tumors that are given as reads, with their indexes; those that were
            made here are named as their samples.

    Returns:
        Copies of the rows; `reads` is the sheet's, the alignment that is the input itself, or the
        one that was made here.
    """
    by_name = {Path(path).stem: path for path in made if Path(path).suffix in (".bam", ".cram")}
    found = []
    for row in located(rows, folder):
        own = row["input"] if row["format"] in ("bam", "cram") else by_name.get(row["sample_id"])
        if row["role"] == "tumor":
            found.append({**row, "reads": row["reads"] or own})
    return found


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
