from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from variant_builders import bgzip, vcf, write

from apothecary.errors import WorkflowInputError
from apothecary.variants import indexed
from apothecary.variants.reader import VariantFile
from apothecary.variants.regions import Position, Regions

CHROMS = ("chr1", "chr2", "chr21")
PLACES = st.integers(1, 200_000)


def packed(folder: Path, records: list[str], **options: object) -> str:
    path = bgzip(folder, vcf(records, **options))
    pysam.tabix_index(path, preset="vcf", force=True)
    return path


def through_index(path: str) -> VariantFile:
    return VariantFile(path, index=indexed.index_of(path))


def record(chrom: str, pos: int, length: int, form: int) -> str:
    if form == 0:
        return f"{chrom} {pos} . A <NON_REF> . . END={pos + length} GT 0/0"
    if form == 1:
        return f"{chrom} {pos} . A{'C' * (length % 50 + 1)} A . PASS . GT 0/1"
    return f"{chrom} {pos} . A G . PASS . GT 0/1"


RECORDS = st.lists(
    st.tuples(st.sampled_from(CHROMS), PLACES, st.integers(0, 90_000), st.integers(0, 2)),
    max_size=40,
)
WANTED = st.lists(
    st.tuples(st.sampled_from(CHROMS), PLACES, st.booleans(), st.integers(0, 30_000)), max_size=12
)


@settings(max_examples=40, deadline=None)
@given(records=RECORDS, wanted=WANTED)
def test_what_is_fetched_is_what_is_read_of_the_whole_file(tmp_path_factory, records, wanted):
    folder = tmp_path_factory.mktemp("indexed")
    ordered = sorted(records, key=lambda r: (CHROMS.index(r[0]), r[1]))
    path = packed(folder, [record(*one) for one in ordered])
    regions = Regions(
        positions=tuple(Position(c, p, "A", indel) for c, p, indel, _ in wanted[::2]),
        genes=tuple((c, p, p + length) for c, p, _, length in wanted[1::2]),
    )
    whole = list(VariantFile(path).blocks(None, [regions]))
    fetched = list(through_index(path).blocks(None, [regions]))
    assert [replace(b, record=0) for b in fetched] == [replace(b, record=0) for b in whole]


def test_chromosomes_named_both_ways_are_both_fetched(tmp_path):
    lines = ["1 1000 . A C . PASS . GT 0/1", "chr1 1000 . A T . PASS . GT 0/1"]
    path = packed(tmp_path, lines, lengths={})
    regions = Regions(genes=(("chr1", 900, 1100),))
    assert [b.alts for b in through_index(path).blocks(None, [regions])] == [("C",), ("T",)]


def test_a_faulty_record_is_told_by_its_place(tmp_path):
    lines = [f"chr1 {pos} . A {alt} . PASS . GT 0/1" for pos, alt in ((1000, "C"), (1001, "Z"))]
    path = packed(tmp_path, lines)
    regions = Regions(genes=(("chr1", 900, 1100),))
    with pytest.raises(WorkflowInputError) as refused:
        list(through_index(path).blocks(None, [regions]))
    told = str(refused.value)
    assert "'chr1':1000" in told
    assert "row" not in told


def test_a_damaged_block_is_refused(tmp_path):
    lines = [f"chr1 {pos} . A C {pos % 977} PASS . GT 0/1" for pos in range(1000, 60_000)]
    path = packed(tmp_path, lines)
    data = bytearray(Path(path).read_bytes())
    data[len(data) * 3 // 4] ^= 0xFF
    changed = Path(path).stat()
    Path(path).write_bytes(data)
    os.utime(path, ns=(changed.st_atime_ns, changed.st_mtime_ns))
    regions = Regions(genes=(("chr1", 1000, 60_000),))
    with pytest.raises(WorkflowInputError, match="file or index is damaged"):
        list(through_index(path).blocks(None, [regions]))


def test_a_cut_file_is_refused(tmp_path):
    path = packed(tmp_path, ["chr1 1000 . A C . PASS . GT 0/1"])
    Path(path).write_bytes(Path(path).read_bytes()[:-28])
    with pytest.raises(WorkflowInputError, match="end marker is missing"):
        indexed.index_of(path)


def test_only_a_bgzipped_vcf_with_a_current_index_is_taken(tmp_path):
    text = vcf(["chr1 1000 . A C . PASS . GT 0/1"])
    with pytest.raises(WorkflowInputError, match="no bgzipped VCF"):
        indexed.index_of(write(tmp_path, text))
    path = bgzip(tmp_path, text)
    with pytest.raises(WorkflowInputError, match="no index lies beside the file"):
        indexed.index_of(path)
    pysam.tabix_index(path, preset="vcf", csi=True)
    assert indexed.index_of(path) == f"{path}.csi"
    older = Path(path).stat().st_mtime_ns - 10**9
    os.utime(f"{path}.csi", ns=(older, older))
    with pytest.raises(WorkflowInputError, match="the index is older than its file"):
        indexed.index_of(path)
