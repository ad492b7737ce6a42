"""Real reads through the whole workflow: a melanoma with its normal, and a locus from a genome."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from launcher import report, rows, run, write_sheet

pytestmark = [pytest.mark.end_to_end, pytest.mark.shared]
SAMPLES = ("sample_id", "subject_id", "role", "assay", "sex", "tumor_type", "input", "format")
SLICES = ("grch38_slices.fa.gz", "oncogene_slices.fa.gz")


def reference(shared: Path, path: Path) -> None:
    slices = [(shared / "data" / "reference" / name).read_bytes() for name in SLICES]
    path.write_bytes(b"".join(map(gzip.decompress, slices)))


@pytest.fixture(scope="module")
def melanoma(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("melanoma")
    reference(shared, folder / "reference.fa")
    lanes: list[tuple[str, ...]] = [("sample_id", "lane", "fastq_1", "fastq_2", "platform")]
    source = shared / "data" / "reads" / "colo829_panel"
    for path in sorted(source.glob("*_AHHKYHDSXX_*_R1_*.fastq.gz")):
        mate = path.name.replace("_R1_", "_R2_")
        for name in (path.name, mate):
            shutil.copyfile(source / name, folder / name)
        sample = "TUMOR" if path.name.startswith("CPCT12345678T") else "NORMAL"
        lanes.append((sample, path.name.split("_")[3], path.name, mate, "ILLUMINA"))
    write_sheet(folder / "reads.tsv", lanes)
    write_sheet(
        folder / "samples.tsv",
        [
            SAMPLES,
            ("TUMOR", "COLO829", "tumor", "genome", "M", "MEL", "", "fastq"),
            ("NORMAL", "COLO829", "normal", "genome", "M", "", "", "fastq"),
        ],
    )
    write_sheet(
        folder / "consent.tsv", [("subject_id", "scope", "decision"), ("COLO829", "tumor", "yes")]
    )
    # The reads at hand lie over two short pieces of the genome.
    write_sheet(
        folder / "targets.bed",
        [("chr7", "140753310", "140753365", "BRAF"), ("chr9", "21971130", "21971180", "CDKN2A")],
    )
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nclinical: ''\n"
        "reference: {fasta: reference.fa}\nreads: {sheet: reads.tsv}\n"
        "calling: {targets: targets.bed}\nqc: {targets: targets.bed}\n",
        encoding="utf-8",
    )
    return run(folder)


def test_the_changes_of_the_melanoma_are_called_and_none_of_its_normal(melanoma: Path):
    found = {
        (row["chrom"], row["pos"], row["ref"], row["alt"]): row["vaf"]
        for row in rows(melanoma, "variants")
        if row["sample_id"] == "TUMOR" and row["fate"] == "kept"
    }
    # Published: BRAF V600E in 187 of 273 reads, the deletion of CDKN2A in 107 of 111.
    assert found["chr7", 140753336, "A", "T"] == pytest.approx(187 / 273, abs=0.05)
    assert found["chr9", 21971154, "CCG", "C"] == pytest.approx(107 / 111, abs=0.05)
    places = {place[:2] for place in found}
    assert not [
        row
        for row in rows(melanoma, "variants")
        if row["sample_id"] == "NORMAL" and (row["chrom"], row["pos"]) in places
    ]


def test_the_report_of_the_melanoma_has_its_driver_in_tier_one(melanoma: Path):
    findings = report(melanoma, "TUMOR")["tumor"]["findings"]
    tiers = {entry["alteration"]: entry["tier"] for entry in findings}
    assert tiers["BRAF V600E"] == "I"
    assert report(melanoma, "NORMAL")["quality"]["metrics"]


def test_the_report_of_the_melanoma_tells_its_known_variants(melanoma: Path):
    section = report(melanoma, "TUMOR")["hotspots"]
    assert [(e["gene"], e["change"], e["kept"]) for e in section["found"]] == [
        ("BRAF", "V600E", True)
    ]
    assert section["found"][0]["vaf_low"] < 187 / 273 < section["found"][0]["vaf_high"]
    assert section["counts"]["not_found"] > 20
    assert 0 < section["counts"]["detection_limit"] < 0.1
    assert report(melanoma, "NORMAL")["hotspots"]["counts"]["sites"] == 0


def test_two_short_targets_tell_no_burden_and_no_instability(melanoma: Path):
    found = {row["biomarker"]: row for row in rows(melanoma, "biomarkers")}
    assert {row["sample_id"] for row in found.values()} == {"TUMOR"}
    burden = found["tmb_all"]
    assert burden["status"] == "indeterminate"
    assert burden["denominator"] == pytest.approx(105e-6, rel=0.3)
    assert found["msi_reads"]["status"] == "not_assessed"
    assert "homopolymer" in found["msi_reads"]["reason"]


def test_cyp2d6_from_the_reads_of_a_genome(shared: Path, tmp_path: Path):
    import pysam

    reference(shared, tmp_path / "reference.fa")
    shutil.copyfile(shared / "data" / "reads" / "cyp2d6" / "HG03130.bam", tmp_path / "HG03130.bam")
    pysam.index(str(tmp_path / "HG03130.bam"))
    sample = ("HG03130", "HG03130", "germline", "genome", "F", "", "HG03130.bam", "bam")
    write_sheet(tmp_path / "samples.tsv", [SAMPLES, sample])
    granted = ("HG03130", "pharmacogenes", "yes")
    write_sheet(tmp_path / "consent.tsv", [("subject_id", "scope", "decision"), granted])
    write_sheet(tmp_path / "targets.bed", [("chr22", "42126000", "42131000", "CYP2D6")])
    (tmp_path / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nclinical: ''\n"
        "reference: {fasta: reference.fa}\npharmacogenes: {call_cyp2d6: true}\n"
        "calling: {targets: targets.bed}\nqc: {targets: targets.bed}\n",
        encoding="utf-8",
    )
    results = run(tmp_path)
    (called,) = (row for row in rows(results, "diplotypes") if row["gene"] == "CYP2D6")
    assert (called["diplotype"], called["decision"]) == ("*17/*29", "called")
    assert called["missing_sites"] == []
