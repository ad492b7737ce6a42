"""Mitochondrial reads of a genome through the whole workflow, as BAM and as CRAM."""

from __future__ import annotations

import shutil
from pathlib import Path

import pysam
import pytest
from launcher import report, rows, run, write_sheet

pytestmark = [pytest.mark.end_to_end, pytest.mark.shared]
PUBLISHED = {152: "C", 263: "G", 750: "G"}
"""Differences of NA12878 from the rCRS among its first thousand bases."""


@pytest.fixture(scope="module")
def results(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mitochondrion")
    text = (shared / "data" / "reference" / "rCRS_MT.fa").read_text(encoding="utf-8")
    (folder / "rCRS.fa").write_text(">chrM\n" + text.split("\n", 1)[1], encoding="utf-8")
    bam, cram = folder / "NA12878.bam", folder / "NA12878.cram"
    shutil.copyfile(shared / "data" / "reads" / "NA12878_chrM_1-1000.bam", bam)
    words = ("-C", "-T", str(folder / "rCRS.fa"), "-o", str(cram), str(bam))
    pysam.view(*words, catch_stdout=False)
    pysam.index(str(bam))
    pysam.index(str(cram))
    for suffix in ("", ".bai"):
        shutil.copyfile(f"{bam}{suffix}", f"{folder / 'WHOLE.bam'}{suffix}")
    columns = ("sample_id", "subject_id", "role", "assay", "input", "format")
    columns += ("tumor_type", "sample_in_file")
    write_sheet(
        folder / "samples.tsv",
        [
            columns,
            ("BAM", "NA12878", "germline", "panel", "NA12878.bam", "bam", "", "NA12878"),
            ("CRAM", "NA12878", "germline", "panel", "NA12878.cram", "cram", "", "NA12878"),
            ("ALL", "WHOLE", "tumor", "panel", "WHOLE.bam", "bam", "MEL", "NA12878"),
        ],
    )
    # What the definitions do not name is opened by no scope of a germline sample.
    granted = [("NA12878", "pharmacogenes", "yes"), ("WHOLE", "tumor", "yes")]
    write_sheet(folder / "consent.tsv", [("subject_id", "scope", "decision"), *granted])
    (folder / "targets.bed").write_text("chrM\t20\t980\n")
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nreference: {fasta: rCRS.fa}\n"
        "calling: {targets: targets.bed}\nqc: {targets: targets.bed}\n"
    )
    return run(folder)


def of_sample(results: Path, table: str, sample: str) -> list[dict]:
    own = ("sample_id", "input_sha256")
    found = [row for row in rows(results, table) if row["sample_id"] == sample]
    return [{key: row[key] for key in row if key not in own} for row in found]


def test_the_differences_from_the_reference_are_variants(results):
    kept = [row for row in of_sample(results, "variants", "ALL") if row["fate"] == "kept"]
    called = {row["pos"]: row["alt"] for row in kept if row["vaf"] > 0.9}
    assert {pos: called.get(pos) for pos in PUBLISHED} == PUBLISHED


def test_mt_rnr1_is_told_from_the_reads(results):
    """Its positions among the first thousand bases are reference, 1,600 reads deep."""
    sites = [row for row in of_sample(results, "sites", "BAM") if row["gene"] == "MT-RNR1"]
    covered = [row for row in sites if row["pos"] < 1000]
    assert len(covered) > 10
    assert {row["state"] for row in covered} == {"reference"}
    assert min(row["depth"] for row in covered) > 1000
    beyond = [row for row in sites if row["pos"] > 1150]
    assert {row["state"] for row in beyond} == {"not_assessed"}
    genes = {entry["gene"] for entry in report(results, "BAM")["pharmacogenes"]["genes"]}
    assert "MT-RNR1" in genes


def test_a_cram_gives_the_tables_of_the_bam(results):
    named = ("variants", "record_fates", "sites", "diplotypes", "phenotypes", "recommendations")
    for name in (*named, "coverage", "qc_metrics", "qc_gates", "outcomes"):
        assert of_sample(results, name, "CRAM") == of_sample(results, name, "BAM"), name
