"""Real input of the regression data."""

from __future__ import annotations

from pathlib import Path

import pytest
from variant_builders import config, read_samples, sample

from apothecary.variants import builds, read, scopes
from apothecary.variants.reader import VariantFile

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def positions(repository: Path) -> list[dict[str, object]]:
    from apothecary.knowledge import tsv
    from apothecary.knowledge.schemas import PGX_POSITIONS

    return tsv.read(
        repository / "resources" / "knowledge" / "pgx_positions.tsv", PGX_POSITIONS
    ).rows


def test_every_case_reads(shared):
    paths = sorted((shared / "cases" / "pgx" / "vcf").glob("*.vcf"))
    assert len(paths) == 375
    for path in paths:
        file = VariantFile(path)
        assert sum(1 for _ in file.blocks()) == file.tally.records > 0


def test_preprocessor_inputs_read(shared):
    for path in sorted((shared / "cases" / "pgx" / "preprocessor").iterdir()):
        file = VariantFile(path)
        list(file.blocks())
        assert file.tally.records


def test_normalised_as_the_preprocessor_does(shared, tmp_path, positions):
    """The changes that the preprocessor found are found here, from the definitions' bases alone."""
    folder = shared / "cases" / "pgx" / "preprocessor"
    path = str(folder / "raw.vcf")
    regions = scopes.regions(("pharmacogenes",), (), positions, (), ())
    for name in ("Sample_1", "Sample_2"):
        result = read.read_variants(
            [sample(path, name)], {name: regions}, builds.known_sites(positions), config(), tmp_path
        )
        found = {
            (r["chrom"], r["pos"], r["ref"], r["alt"]) for r in result.variants if r["alt"] != "."
        }
        expected = set()
        for block in VariantFile(folder / f"raw.{name}.preprocessed.vcf").blocks():
            from apothecary.variants.normalise import normalise

            for allele in sorted({a for a in block.genotypes()[0].alleles if a}):
                alt = block.alts[allele - 1]
                pos, ref, spelled, _ = normalise(block.chrom, block.pos, block.ref, alt)
                expected.add((block.chrom, pos, ref, spelled))
        assert len(expected) >= 8
        assert expected <= found


@pytest.mark.parametrize(
    ("pattern", "build"),
    [
        ("data/getrm/panel_GRCh37/CYP*.vcf.gz", "GRCh37"),
        ("data/getrm/panel_GRCh38/CYP*.vcf.gz", "GRCh38"),
        ("data/getrm/gvcf/NA07*.vcf.gz", "GRCh38"),
    ],
)
def test_builds_of_real_files(shared, positions, pattern, build):
    sites = builds.known_sites(positions)
    seen = 0
    for path in sorted(shared.glob(pattern)):
        witnesses = builds.witnesses(VariantFile(path), sites)
        other = next(b for b in witnesses.agree if b != build)
        if witnesses.agree[build] >= 3:
            seen += 1
            assert witnesses.by_bases == build, path
            assert witnesses.agree[other] <= 1
    assert seen >= 3


def test_real_tumor(shared, tmp_path):
    path = shared / "data" / "truth" / "pcgr_T001-COAD.grch38.vcf.gz"
    (name,) = VariantFile(path).header.samples
    row = sample(str(path), "T1", sample_in_file=name, role="tumor", build="GRCh38")
    result = read_samples([row], tmp_path, min_depth=20, min_vaf=0.05, min_alt_depth=4)
    assert sum(r["records"] for r in result.record_fates) == 3313
    (braf,) = [r for r in result.variants if r["pos"] == 140753336]
    assert (braf["chrom"], braf["ref"], braf["alt"], braf["fate"]) == ("chr7", "A", "T", "kept")
    assert (braf["depth"], braf["alt_depth"]) == (54, 17)


def test_real_maf(shared, tmp_path):
    path = str(shared / "data" / "truth" / "tcga_laml.maf.gz")
    row = sample(path, "TCGA-AB-2988", role="tumor", format="maf")
    result = read_samples([row], tmp_path)
    assert {r["build"] for r in result.variants} == {"GRCh37"}
    assert sum(r["records"] for r in result.record_fates) == 15
