"""freebayes, which Debian has, as the caller of germline reads through the whole workflow."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from launcher import rows, run, write_sheet
from read_builders import sequence, tiled, write_fasta, write_reads

pytestmark = pytest.mark.end_to_end
FIRST, LAST, CHANGED = 500, 1_800, 1_555


@pytest.fixture(scope="module")
def results(repository, tmp_path_factory) -> Path:
    if shutil.which("freebayes") is None:
        pytest.skip("freebayes is not installed: apt-get install freebayes")
    folder = tmp_path_factory.mktemp("freebayes")
    known = {}
    with (repository / "resources" / "knowledge" / "pgx_positions.tsv").open() as lines:
        names = next(lines).rstrip("\n").split("\t")
        for line in lines:
            row = dict(zip(names, line.rstrip("\n").split("\t"), strict=True))
            if row["gene"] == "MT-RNR1":
                known[int(row["pos"])] = row["ref"]
    assert known[CHANGED] == "A"
    bases = sequence(16_569, known)
    write_fasta(folder / "chrM.fa", {"chrM": bases})
    spans = [(start, start + 99) for start in range(FIRST, LAST, 2)]
    reads = tiled({CHANGED: ("A", "G")}, spans, "r", chrom="chrM")
    write_reads(
        folder / "A.bam", reads, {"chrM": (1, bases)}, samples=("A",), lengths={"chrM": 16_569}
    )
    columns = ("sample_id", "subject_id", "role", "assay", "input", "format")
    write_sheet(folder / "samples.tsv", [columns, ("A", "A", "germline", "panel", "A.bam", "bam")])
    granted = ("A", "pharmacogenes", "yes")
    write_sheet(folder / "consent.tsv", [("subject_id", "scope", "decision"), granted])
    (folder / "targets.bed").write_text(f"chrM\t{FIRST + 100}\t{LAST - 100}\n")
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nreference: {fasta: chrM.fa}\n"
        "calling: {targets: targets.bed, germline: {caller: freebayes}}\n"
        "qc: {targets: targets.bed}\n"
    )
    return run(folder)


def test_the_site_is_called_and_the_others_are_reference(results):
    sites = {row["pos"]: row for row in rows(results, "sites") if row["gene"] == "MT-RNR1"}
    assert sites[CHANGED]["state"] == "called"
    assert sites[CHANGED]["allele_1"] == "G"
    others = [row["state"] for pos, row in sites.items() if pos != CHANGED]
    assert set(others) <= {"reference", "not_assessed"}
    assert others.count("reference") > len(others) / 2


def test_the_result_of_the_gene_is_that_of_the_site(results):
    (row,) = [row for row in rows(results, "diplotypes") if row["gene"] == "MT-RNR1"]
    assert "1555A>G" in row["diplotype"]


def test_the_file_says_nothing_of_machine_or_day(results):
    import gzip

    path = results / "calls" / "A" / "germline.g.vcf.gz"
    head = [x for x in gzip.decompress(path.read_bytes()).decode().splitlines() if x[0] == "#"]
    assert not [x for x in head if "commandline" in x or "fileDate" in x or str(results) in x]
    assert head[-1].split("\t")[9:] == ["A"]
