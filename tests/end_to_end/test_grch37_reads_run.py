"""Reads in GRCh37 through the whole workflow: aligned here or before, germline and tumor."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pysam
import pytest
from launcher import report, rows, run, write_sheet
from read_builders import LENGTHS, sequence, tiled, write_reads

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.knowledge import pack as knowledge
from apothecary.knowledge.placement import Placement

pytestmark = pytest.mark.end_to_end
FIRST, LAST = 18_128_000, 18_150_000
SAMPLES = ("sample_id", "subject_id", "role", "assay", "sex", "tumor_type", "input", "format")
CONSENT = ("subject_id", "scope", "decision")


@pytest.fixture(scope="module")
def positions(repository, tmp_path_factory) -> list[dict]:
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return [r for r in knowledge.load(folder).rows("pgx_positions") if r["gene"] == "TPMT"]


def fastq(path: Path, bases: str, depth: int) -> None:
    """Reads of both strands at even steps, `depth` over each base."""
    turned = str.maketrans("ACGT", "TGCA")
    reads = [bases[at : at + 150] for at in range(0, len(bases) - 150, 150 // depth)]
    reads = [r if n % 2 else r.translate(turned)[::-1] for n, r in enumerate(reads)]
    text = "".join(f"@r{n}\n{read}\n+\n{'F' * len(read)}\n" for n, read in enumerate(reads))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


@pytest.fixture(scope="module")
def germline(positions, tmp_path_factory) -> Path:
    """FASTQ and a BAM with TPMT 719A>G; a BAM of GRCh38; a tumor whose targets nothing places."""
    folder = tmp_path_factory.mktemp("germline")
    placed = [(p["pos_grch37"], p["ref_grch37"]) for p in positions if p["pos_grch37"]]
    assert len(placed) == len(positions)
    bases = sequence(LAST - FIRST, {pos - FIRST + 1: ref for pos, ref in placed})
    changed = next(p for p in positions if p["rsid"] == "rs1142345")
    at = changed["pos_grch37"] - FIRST
    other = bases[:at] + changed["alts"][0] + bases[at + 1 :]
    (folder / "ref.fa").write_text(f">chr6:{FIRST}-{LAST - 1} TPMT\n{bases}\n")
    fastq(folder / "A.fq.gz", other, 30)
    spans = [(start, start + 149) for start in range(FIRST, LAST - 150, 5)]
    edits = {changed["pos_grch37"]: (changed["ref_grch37"], changed["alts"][0])}
    older = {"chr6": (FIRST, bases)}
    reads = tiled(edits, spans, "b", chrom="chr6")
    lengths = LENGTHS["GRCh37"]
    write_reads(folder / "B.bam", reads, older, samples=("B",), lengths=lengths)
    write_reads(folder / "C.bam", reads, older, samples=("C",))
    write_sheet(
        folder / "samples.tsv",
        [
            SAMPLES,
            ("A", "A", "germline", "panel", "F", "", "", "fastq"),
            ("B", "B", "germline", "panel", "F", "", "B.bam", "bam"),
            ("C", "C", "germline", "panel", "F", "", "C.bam", "bam"),
            ("D", "D", "tumor", "panel", "F", "SKCM", "D.bam", "bam"),
        ],
    )
    write_reads(folder / "D.bam", reads, older, samples=("D",), lengths=lengths)
    write_sheet(folder / "reads.tsv", [("sample_id", "lane", "fastq_1"), ("A", "1", "A.fq.gz")])
    granted = [(name, "pharmacogenes", "yes") for name in "ABC"]
    write_sheet(folder / "consent.tsv", [CONSENT, *granted, ("D", "tumor", "yes")])
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nreads: {sheet: reads.tsv}\n"
        "reference: {fasta: ref.fa, build: GRCh37}\n"
        "qc: {thresholds: {germline: {panel: {target_callable_fraction: {}, mean_target_depth: {},"
        " on_target_fraction: {}}}, tumor: {panel: {target_callable_fraction: {},"
        " mean_target_depth: {}, on_target_fraction: {}}}}}\n"
    )
    return run(folder, status=4)


@pytest.mark.parametrize("sample", ["A", "B"])
def test_germline_reads_are_called_at_every_position_of_grch37(germline, positions, sample):
    sites = [
        row
        for row in rows(germline, "sites")
        if (row["sample_id"], row["gene"]) == (sample, "TPMT")
    ]
    by_state = {row["position_id"]: row["state"] for row in sites}
    assert len(sites) == len(positions)
    assert set(by_state.values()) <= {"reference", "called"}
    (called,) = [p for p in positions if by_state[p["position_id"]] == "called"]
    assert called["rsid"] == "rs1142345"
    found = [
        row["diplotype"]
        for row in rows(germline, "diplotypes")
        if (row["sample_id"], row["gene"]) == (sample, "TPMT")
    ]
    assert found == ["*3C/*3C"]
    outcomes = {row["sample_id"]: row for row in rows(germline, "outcomes")}
    assert (outcomes[sample]["status"], outcomes[sample]["build"]) == ("ok", "GRCh37")


def test_coverage_is_told_in_the_build_of_the_reads(germline, positions):
    places = {p["position_id"]: p["pos_grch37"] for p in positions}
    covered = [
        row
        for row in rows(germline, "coverage")
        if (row["sample_id"], row["kind"], row["gene"]) == ("B", "position", "TPMT")
    ]
    assert {row["position_id"]: row["start"] for row in covered} == places
    assert all(row["callable"] for row in covered)


def test_reads_of_another_build_than_the_reference_fail_alone(germline):
    outcomes = {row["sample_id"]: row for row in rows(germline, "outcomes")}
    assert outcomes["C"]["status"] == "failed"
    told = "which is GRCh38; reference.build is GRCh37 (249250621 bases): give reads of that build"
    assert told in outcomes["C"]["reason"]


def test_a_tumor_whose_targets_are_not_known_in_grch37_fails_alone(germline):
    outcomes = {row["sample_id"]: row for row in rows(germline, "outcomes")}
    assert outcomes["D"]["status"] == "failed"
    told = "alignments in GRCh37, where genes are not placed; give calling.targets (BED) or calling"
    assert told in outcomes["D"]["reason"]


@pytest.fixture(scope="module")
def tumor(shared, tmp_path_factory) -> Path:
    """Reads of a tumor in hg19, with the sequence of hg19 that they and GRCh38 agree on."""
    folder = tmp_path_factory.mktemp("tumor")
    chain = shared / "data" / "reference" / "hg19ToHg38.over.chain.gz"
    shutil.copyfile(chain, folder / "to38.chain.gz")
    shutil.copyfile(shared / "data" / "reads" / "EGFR_L861Q.bam", folder / "T.bam")
    pysam.index(str(folder / "T.bam"))
    slices = folder / "slices.fa"
    packed = shared / "data" / "reference" / "grch38_slices.fa.gz"
    slices.write_bytes(gzip.decompress(packed.read_bytes()))
    with pysam.FastaFile(str(slices)) as fasta:
        (name,) = (n for n in fasta.references if n.startswith("chr7:55176708-"))
        bases = fasta.fetch(name)
    # The slice lies in one ungapped block of the chain, and the reads know the same bases.
    first = Placement("GRCh37", chain).first("chr7", 55_176_708, len(bases))
    assert first is not None
    with pysam.AlignmentFile(str(folder / "T.bam")) as file:
        for read in file:
            if read.has_tag("MD"):
                start = read.reference_start + 1 - first
                known = read.get_reference_sequence().upper()
                assert bases[start : start + len(known)] == known
    (folder / "ref.fa").write_text(f">chr7:{first}-{first + len(bases) - 1} EGFR\n{bases}\n")
    columns = (*SAMPLES, "sample_in_file")
    row = ("T", "P", "tumor", "panel", "F", "LUAD", "T.bam", "bam", "B1500741_422861A1_DNA")
    write_sheet(folder / "samples.tsv", [columns, row])
    write_sheet(folder / "consent.tsv", [CONSENT, ("P", "tumor", "yes")])
    (folder / "targets.bed").write_text("chr7\t55259440\t55259560\tEGFR\n")
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nreference: {fasta: ref.fa, build: GRCh37}\n"
        "calling: {targets: targets.bed, chain: to38.chain.gz}\nqc: {targets: targets.bed}\n"
    )
    return run(folder)


@pytest.mark.shared
def test_a_tumor_in_hg19_has_its_driver_in_tier_one(tumor):
    """129 to 130 of its fragments carry EGFR L861Q."""
    (kept,) = [row for row in rows(tumor, "variants") if row["fate"] == "kept"]
    assert (kept["build"], kept["pos"], kept["ref"], kept["alt"]) == ("GRCh37", 55259524, "T", "A")
    model = report(tumor, "T")
    tiers = {entry["alteration"]: entry["tier"] for entry in model["tumor"]["findings"]}
    assert tiers == {"EGFR L861Q": "I"}
    (found,) = model["hotspots"]["found"]
    assert (found["change"], found["position"], found["kept"]) == ("L861Q", "chr7:55191831", True)
    assert found["alt_depth"] == pytest.approx(130, abs=1)


@pytest.mark.shared
def test_the_exons_of_a_tumor_in_hg19_are_measured_by_the_chain(tumor):
    covered = {row["region_id"]: row for row in rows(tumor, "coverage")}
    exon = covered["exon:EGFR:21"]
    assert exon["start"] <= 55_259_524 <= exon["end"]
    assert exon["mean_depth"] > 100
    assert covered["gene:EGFR"]["chrom"] == "chr7"


@pytest.mark.shared
def test_the_table_of_known_variants_keeps_both_coordinates(tumor):
    (path,) = (tumor / "tables").glob("*/hotspot_evidence.parquet")
    found = tables.read_rows(path, schemas.HOTSPOT_EVIDENCE)
    (row,) = [row for row in found if row["status"] == "found"]
    assert (row["build"], row["pos"], row["input_pos"]) == ("GRCh37", 55191831, 55259524)
