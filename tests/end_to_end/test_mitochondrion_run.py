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
        for other in ("WHOLE.bam", "CLOSED.bam"):
            shutil.copyfile(f"{bam}{suffix}", f"{folder / other}{suffix}")
    columns = ("sample_id", "subject_id", "role", "assay", "input", "format")
    columns += ("tumor_type", "sample_in_file")
    write_sheet(
        folder / "samples.tsv",
        [
            columns,
            ("BAM", "NA12878", "germline", "panel", "NA12878.bam", "bam", "", "NA12878"),
            ("CRAM", "NA12878", "germline", "panel", "NA12878.cram", "cram", "", "NA12878"),
            ("PGX", "CLOSED", "germline", "panel", "CLOSED.bam", "bam", "", "NA12878"),
            ("ALL", "WHOLE", "tumor", "panel", "WHOLE.bam", "bam", "MEL", "NA12878"),
        ],
    )
    # Consent to germline findings opens the mitochondrion; the definitions are opened by their own.
    granted = [(p, "pharmacogenes", "yes") for p in ("NA12878", "CLOSED")]
    granted += [("NA12878", "germline", "yes"), ("WHOLE", "tumor", "yes")]
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
    return [{k: v for k, v in row.items() if k not in own and v != sample} for row in found]


@pytest.mark.parametrize("sample", ["ALL", "BAM", "CRAM"])
def test_the_differences_from_the_reference_are_variants(results, sample):
    kept = [row for row in of_sample(results, "variants", sample) if row["fate"] == "kept"]
    called = {row["pos"]: row["alt"] for row in kept if row["vaf"] > 0.9}
    assert {pos: called.get(pos) for pos in PUBLISHED} == PUBLISHED


def test_without_consent_to_germline_findings_only_the_definitions_are_open(results):
    found = of_sample(results, "variants", "PGX")
    assert found
    assert {row["fate"] for row in found} == {"reference"}
    assert not {row["pos"] for row in found} & {152, 263}


def test_mt_rnr1_is_told_from_the_reads(results):
    """Its positions among the first thousand bases are reference, 1,600 reads deep."""
    sites = [row for row in of_sample(results, "sites", "BAM") if row["gene"] == "MT-RNR1"]
    covered = [row for row in sites if row["pos"] < 1000]
    assert len(covered) > 10
    assert {row["state"] for row in covered} == {"reference"}
    assert min(row["depth"] for row in covered) > 1000
    beyond = [row for row in sites if row["pos"] > 1150]
    assert {row["state"] for row in beyond} == {"not_assessed"}
    (told,) = [entry for entry in report(results, "BAM")["genes"] if entry["gene"] == "MT-RNR1"]
    (row,) = [row for row in of_sample(results, "diplotypes", "BAM") if row["gene"] == "MT-RNR1"]
    assert row["method"] == "not_called"
    assert row["reason"] == "not assessed: the positions of m.1494C>T, m.1555A>G"
    assert row["reason"] in str(told)


def test_a_cram_gives_the_tables_of_the_bam(results):
    named = ("variants", "record_fates", "sites", "diplotypes", "phenotypes", "recommendations")
    for name in (*named, "coverage", "qc_metrics", "qc_gates", "outcomes"):
        of_bam, of_cram = (of_sample(results, name, form) for form in ("BAM", "CRAM"))
        if name == "qc_metrics":
            # The BAM has no NM; what a CRAM is read with tells the mismatches.
            values = [{row["metric"]: row["value"] for row in rows_} for rows_ in (of_bam, of_cram)]
            assert values[0].pop("error_rate") is None
            assert 0 < values[1].pop("error_rate") < 0.05
            assert values[0] == values[1]
        else:
            assert of_cram == of_bam, name
