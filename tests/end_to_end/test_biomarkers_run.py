"""Biomarkers through the whole workflow: an unstable tumor, and the tumors of a MAF."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from apothecary import schemas, tables

pytestmark = [pytest.mark.end_to_end, pytest.mark.shared]
REPOSITORY = Path(__file__).resolve().parents[2]
COLUMN = "TCGA-A6-2686-01A-01D-1408-10_TCGA-A6-2686-10A-01D-2188-10"
GENES = ("FLT3", "NPM1", "IDH1", "IDH2", "DNMT3A")


@pytest.fixture(scope="module")
def results(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("biomarkers")
    truth = shared / "data" / "truth"
    head = "sample_id subject_id role assay tumor_type input format build batch sample_in_file"
    colon = [
        *("COLON", "COLON", "tumor", "exome", "COAD"),
        *(f"{truth}/pcgr_T001-COAD.grch38.vcf.gz", "vcf", "GRCh38", "colon", COLUMN),
    ]
    rows = [head.split(), colon]
    maf = truth / "tcga_laml.maf.gz"
    rows += [
        [n, n, "tumor", "exome", "AML", str(maf), "maf", "auto", "aml", n]
        for n in dict.fromkeys(line["Tumor_Sample_Barcode"] for line in lines_of(maf))
    ]
    write(folder / "samples.tsv", rows)
    subjects = [
        ["subject_id", "scope", "decision"],
        *([row[0], "tumor", "yes"] for row in rows[1:]),
    ]
    write(folder / "consent.tsv", subjects)
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nbatch_size: 200\n"
        "inputs: {symlinks: true}\nvariants: {tags: {vaf: INFO/TVAF, depth: INFO/TDP}}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "apothecary.cli", "run"),
            *("--config", "config.yaml", "--out", "out", "--cores", "2"),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)


def lines_of(maf: Path) -> list[dict[str, str]]:
    with gzip.open(maf, "rt", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def rows_of(results: Path, batch: str, name: str) -> list[dict]:
    return tables.read_rows(results / "tables" / batch / f"{name}.parquet", schemas.TABLES[name])


def test_the_unstable_tumor_is_told_so(results: Path):
    status = {row["biomarker"]: row["status"] for row in rows_of(results, "colon", "biomarkers")}
    assert status["msi_variants"] == "msi_high"
    assert status["tmb_all"] == "high"
    # Its file names no effect, and no reference is given.
    assert status["tmb_coding"] == status["hrd_microhomology"] == "not_assessed"
    reasons = [row["reason"] for row in rows_of(results, "colon", "signatures")]
    assert sum("reference.fasta" in reason for reason in reasons) == 2


def test_its_instability_and_burden_bring_checkpoint_inhibitors_and_its_driver_stays(results: Path):
    found = rows_of(results, "colon", "actionability")
    of_tier = {(row["alteration"].split(" (")[0], row["tier"]) for row in found}
    assert {("MSI High", "I"), ("TMB High", "I"), ("BRAF V600E", "I")} <= of_tier
    high = [row for row in found if row["finding_id"] == "biomarker:tmb" and row["tier"] == "I"]
    assert "Pembrolizumab" in {therapy for row in high for therapy in row["therapies"]}


def test_its_report_shows_them_in_every_view(results: Path):
    folder = results / "reports" / "colon"
    model = json.loads((folder / "COLON.json").read_text(encoding="utf-8"))
    words = {m["biomarker"]: m["status_words"] for m in model["biomarkers"]["markers"]}
    assert words["msi_variants"] == "MSI-high"
    page = (folder / "COLON.html").read_text(encoding="utf-8")
    assert 'data-finding="biomarker:msi_variants"' in page
    assert 'data-finding="signature:SBS96:none"' in page


def test_genes_of_the_leukemias_are_mutated_as_often_as_the_file_says(results: Path, shared: Path):
    lines = lines_of(shared / "data" / "truth" / "tcga_laml.maf.gz")
    stated = Counter(
        gene for gene, _ in {(line["Hugo_Symbol"], line["Tumor_Sample_Barcode"]) for line in lines}
    )
    key = ("build", "chrom", "pos", "ref", "alt")
    genes: dict[tuple, set[str]] = {}
    for row in rows_of(results, "aml", "consequences"):
        genes.setdefault(tuple(row[name] for name in key), set()).add(row["gene"])
    counted = Counter(
        gene
        for gene, _ in {
            (gene, row["sample_id"])
            for row in rows_of(results, "aml", "variants")
            for gene in genes.get(tuple(row[name] for name in key), ())
        }
    )
    assert {gene: counted[gene] for gene in GENES} == {gene: stated[gene] for gene in GENES}


def test_no_leukemia_is_called_unstable_or_of_high_burden(results: Path):
    rows = rows_of(results, "aml", "biomarkers")
    assert len({row["sample_id"] for row in rows}) == 193
    assert {row["status"] for row in rows if row["biomarker"] == "msi_variants"} <= {
        "mss",
        "not_assessed",
    }
    coding = [row for row in rows if row["biomarker"] == "tmb_coding"]
    assert {row["status"] for row in coding} == {"not_high"}
