"""What a run from reads needs: references, alignments, their quality, calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from apothecary import sample_outputs
from apothecary.batch_tables import CALL_TABLES, QC_TABLES
from apothecary.callers import CALLER_ENVIRONMENTS
from apothecary.planning.base import RunPlan, wildcard
from apothecary.reads.formats import READ_FORMATS
from apothecary.reads.sheet import FASTQ_COLUMNS


@dataclass(frozen=True)
class ReadsPlan(RunPlan):
    """The part of a plan that is of samples given as reads."""

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
        sample = wildcard(wildcards, "sample")
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
        batch = wildcard(wildcards, "batch")
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
        batch = wildcard(wildcards, "batch")
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
        sample = wildcard(wildcards, "sample")
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

    def called_targets(self, wildcards: Mapping[str, str]) -> list[str]:
        """The targets of calling, where the configuration gives them.

        Args:
            wildcards: Not looked at; see `target_files`.
        """
        return [path for path in (self.config["calling"]["targets"],) if path]

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
        sample = wildcard(wildcards, "sample")
        row = self._rows_of_samples[sample]
        if row["format"] == "fastq":
            return [path.format(sample=sample) for path in self.alignment_files.values()]
        path = str(Path(self.sheet_folder) / row["input"])
        if row["index"]:
            return [path, str(Path(self.sheet_folder) / row["index"])]
        return [path, f"{path}.{'crai' if row['format'] == 'cram' else 'bai'}"]

    def batch_reads(self, wildcards: Mapping[str, str]) -> list[str]:
        """The alignments of the samples of a batch that are given as reads, without indexes.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return [
            self.reads_of({"sample": row["sample_id"]})[0]
            for row in self._given_as_reads(wildcards)
        ]

    def batch_read_indexes(self, wildcards: Mapping[str, str]) -> list[str]:
        """Their indexes; see `batch_reads`."""
        return [
            self.reads_of({"sample": row["sample_id"]})[1]
            for row in self._given_as_reads(wildcards)
        ]

    def batch_read_samples(self, wildcards: Mapping[str, str]) -> list[str]:
        """The samples that `batch_reads` gives the alignments of."""
        return [row["sample_id"] for row in self._given_as_reads(wildcards)]

    def igv_program(self, wildcards: Mapping[str, str]) -> list[str]:
        """The file of igv.js, where the configuration gives it.

        Args:
            wildcards: Not looked at; see `target_files`.
        """
        return [path for path in (self.config["reports"]["igv"],) if path]

    @property
    def igv_releases(self) -> str:
        """The releases of igv.js that are known."""
        return self._resource("igv_releases.tsv")

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

    def _given_as_reads(self, wildcards: Mapping[str, str]) -> list[Mapping[str, Any]]:
        batch = wildcard(wildcards, "batch")
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
        sample = wildcard(wildcards, "sample")
        (row,) = (row for row in self.sheets.samples if row["sample_id"] == sample)
        return self.quality_tables({"batch": row["batch"]})

    def evidence_tables(self, wildcards: Mapping[str, str]) -> dict[str, str]:
        """The tables of what a batch's reads show, by name; none without alignments.

        Args:
            wildcards: With the wildcard `batch`.
        """
        return self._of_alignments(wildcards, CALL_TABLES)

    def _of_alignments(self, wildcards: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
        batch = wildcard(wildcards, "batch")
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
    def multiqc(self) -> list[str]:
        """The folder of MultiQC; none in a run without alignments."""
        return ["<results>/multiqc"] if self.aligned_samples else []
