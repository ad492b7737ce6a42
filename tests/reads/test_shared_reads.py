"""Real reads against the slices of the regression data."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from pathlib import Path

import pysam
import pytest
from fastq_builders import prepare

from apothecary.reads import reference
from apothecary.reads.alignments import Aligned, align
from apothecary.reads.lane_alignment import AlignmentOptions
from apothecary.reads.marked import AlignmentFiles

FASTQ = "CPCT12345678{}_AHHKYHDSXX_{}_L00{}_R{}_001.fastq.gz"


@pytest.fixture(scope="module")
def prepared(shared: Path, tmp_path_factory) -> Path:
    """The slices of all files as one reference; those of a gene in two files overlap."""
    folder = tmp_path_factory.mktemp("reference")
    data = shared / "data" / "reference"
    whole = folder / "slices.fa.gz"
    with gzip.open(whole, "wb") as out:
        for name in ("grch38_slices.fa.gz", "oncogene_slices.fa.gz"):
            out.write(gzip.decompress((data / name).read_bytes()))
        out.write((data / "tsacp_grch38_amplicons.fa").read_bytes())
        out.write((data / "rCRS_MT.fa").read_bytes())
    prepare(whole, folder / "prepared")
    return folder / "prepared"


def aligned(
    prepared: Path, out: Path, sample: str, lanes: list[tuple[str, str]], **cells
) -> Aligned:
    rows = [
        {
            "sample_id": sample,
            "lane": f"L{number}",
            "fastq_1": first,
            "fastq_2": second,
            "library": sample,
            "platform": "ILLUMINA",
            "protocol": "fragments",
            **cells,
        }
        for number, (first, second) in enumerate(lanes, 1)
    ]
    files = AlignmentFiles(out / f"{sample}.bam", out / f"{sample}.bam.bai", f"{sample}.bam")
    folder = Path("/")
    return align(
        rows, folder, prepared, files, AlignmentOptions("minimap2", "none", "none", (), 1, 45, 2)
    )


def seen(path: Path, chrom: str, position: int) -> Counter[str]:
    """Bases at a 1-based position, with the indel that begins there; duplicates included."""
    found: Counter[str] = Counter()
    with pysam.AlignmentFile(str(path)) as opened:
        columns = opened.pileup(
            chrom,
            position - 1,
            position,
            truncate=True,
            min_base_quality=0,
            max_depth=100_000,
            flag_filter=0x904,
            ignore_overlaps=False,
        )
        for column in columns:
            found.update(b.upper() for b in column.get_query_sequences(add_indels=True))
    return found


@pytest.fixture(scope="module")
def melanoma(shared: Path, prepared: Path, tmp_path_factory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("melanoma")
    folder = shared / "data" / "reads" / "colo829_panel"
    for sample, number, reads in (("T", "S12", 1072), ("R", "S13", 280)):
        lanes = [
            tuple(str(folder / FASTQ.format(sample, number, lane, mate)) for mate in (1, 2))
            for lane in (1, 2, 3, 4)
        ]
        done = aligned(prepared, out, sample, lanes)
        assert done.alignment["status"] == "ok"
        assert done.alignment["reads"] == done.alignment["primary"] == reads
        assert done.alignment["mapped"] > 0.9 * reads
    return {sample: out / f"{sample}.bam" for sample in ("T", "R")}


def test_the_melanoma_has_braf_v600e_and_its_normal_has_not(melanoma):
    tumor = seen(melanoma["T"], "chr7", 140_753_336)
    # Published for these files: 187 of 273 reads.
    assert tumor.total() == pytest.approx(273, abs=8)
    assert tumor["T"] == pytest.approx(187, abs=8)
    normal = seen(melanoma["R"], "chr7", 140_753_336)
    assert normal.total() == pytest.approx(29, abs=3)
    assert set(normal) == {"A"}


def test_the_melanoma_has_the_deletion_in_cdkn2a_and_its_normal_has_not(melanoma):
    tumor = seen(melanoma["T"], "chr9", 21_971_154)
    # Published for these files: 107 of 111 reads.
    assert tumor["C-2NN"] == pytest.approx(107, abs=6)
    assert tumor.total() == pytest.approx(111, abs=8)
    normal = seen(melanoma["R"], "chr9", 21_971_154)
    assert set(normal) == {"C"}
    assert normal.total() == pytest.approx(36, abs=4)


def test_amplicons_of_a_trio_align_to_the_amplicons(shared, prepared, tmp_path):
    folder = shared / "data" / "reads" / "tsacp_trio"
    for sample in ("NA19127", "NA19128", "NA19129"):
        lane = tuple(str(folder / f"{sample}_L001_R{mate}.fastq.gz") for mate in (1, 2))
        done = aligned(prepared, tmp_path, sample, [lane], protocol="amplicons")
        assert done.alignment["status"] == "ok"
        assert done.alignment["duplicates"] is None
        assert done.alignment["mapped"] > 0.9 * done.alignment["reads"]
        with pysam.AlignmentFile(str(tmp_path / f"{sample}.bam")) as opened:
            mapped = [record for record in opened.fetch() if not record.is_unmapped]
        near = [r.get_tag("NM") <= 0.03 * r.query_alignment_length for r in mapped]
        assert sum(near) > 0.9 * len(near)


def test_the_mitochondrion_of_the_regression_data_is_the_published_one(shared, repository):
    path = shared / "data" / "reference" / "rCRS_MT.fa"
    bases = "".join(line for line in path.read_text().splitlines() if line[:1] != ">")
    known = reference.read_known(repository / "resources" / "reference_contigs.tsv")
    digest = hashlib.md5(bases.upper().encode()).hexdigest()
    assert {row.md5 for row in known if (row.chrom, row.length) == ("chrM", 16569)} == {digest}


def test_known_contigs_agree_with_the_headers_of_real_alignments(shared, repository):
    known = reference.read_known(repository / "resources" / "reference_contigs.tsv")
    digests = {(row.chrom, row.length, row.md5) for row in known}
    with pysam.AlignmentFile(str(shared / "data" / "reads" / "cyp2d6" / "HG03130.bam")) as opened:
        lines = opened.header.to_dict()["SQ"][:25]
    assert len(lines) == 25
    for line in lines:
        assert (line["SN"], line["LN"], line["M5"]) in digests
