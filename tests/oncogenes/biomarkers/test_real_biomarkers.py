"""Biomarkers of real tumors and their reads."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from apothecary.calling import targets
from apothecary.oncogenes.biomarkers import catalogues, loci, msi_reads, msi_variants, resources
from apothecary.variants.reference import Fasta

pytestmark = pytest.mark.shared


def test_the_model_of_msi_agrees_with_the_scores_of_the_cases(shared, repository):
    files = (repository / "resources" / "biomarkers").glob("*.tsv")
    model = resources.load(files).msi_model
    with (shared / "cases" / "onco" / "tcga_coad_msi_tmb.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    whole = [row for row in rows if "NA" not in row.values() and all(row.values())]
    chance = [
        msi_variants.probability(int(row["maftools_tcga_total_mutations"]), model) for row in whole
    ]
    high = np.array(
        [float(row["MSIsensor Score"]) >= model["unstable_percent_cut"] for row in whole]
    )
    likely = np.array(chance) >= 0.5
    assert len(whole) > 380
    assert likely[high].mean() > 0.9
    assert likely[~high].mean() < 0.05


def test_the_context_of_known_variants_is_told_from_slices(shared, tmp_path):
    reference = Fasta(shared / "data" / "reference" / "oncogene_slices.fa.gz", tmp_path / "a")
    vcf = shared / "data" / "truth" / "pcgr_T001-COAD.grch38.vcf.gz"
    with gzip.open(vcf, "rt") as stream:
        lines = [line.split("\t")[:5] for line in stream if line[0] != "#"]
    rows = [
        {"chrom": f"chr{chrom}", "pos": int(pos), "ref": ref, "alt": alt}
        for chrom, pos, _, ref, alt in lines
    ]
    found = catalogues.of_tumor(rows, reference, frozenset())
    counted = sum(found[kind].mutations for kind in (catalogues.SBS, catalogues.ID))
    assert 0 < counted < 100
    assert found[catalogues.SBS].without_context > 2000


def test_homopolymers_of_the_slices_are_many(shared, tmp_path):
    reference = Fasta(shared / "data" / "reference" / "grch38_slices.fa.gz", tmp_path / "b")
    spans = targets.read_bed(shared / "data" / "reference" / "slices.bed")
    lengths = dict.fromkeys({chrom for chrom, _, _ in spans}, 250_000_000)
    places = loci.scan(spans, reference, lengths, 8, 30)
    assert len(places) > 200
    for place in places[:200]:
        assert reference.bases(place.chrom, place.start, place.end) == place.base * place.length


def test_the_settings_of_reads_judge_no_locus_that_does_not_differ(shared: Path):
    same = msi_reads.counted(["10:80", "9:20"])
    assert (
        msi_reads.unstable_loci(
            [msi_reads.compared(same, same)] * 30, {"alpha": 0.05, "min_shift": 0.1}
        )
        == [False] * 30
    )
