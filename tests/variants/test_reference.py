from __future__ import annotations

import gzip

import pytest

from apothecary.variants.reference import Fasta, indexed


def test_the_known_parts_of_a_stretch_do_not_overlap_and_can_be_asked_for(tmp_path):
    text = "ACGTACGTAC"
    path = tmp_path / "slices.fa"
    # 11 to 20 and 16 to 25 overlap; 31 to 40 lies apart.
    path.write_text("".join(f">chr1:{at}-{at + 9} x\n{text}\n" for at in (11, 16, 31)))
    reference = Fasta(path, tmp_path / "work")
    assert reference.known("chr1", 1, 100) == [(11, 20), (21, 25), (31, 40)]
    assert reference.known("chr1", 18, 33) == [(18, 20), (21, 25), (31, 33)]
    assert reference.known("chr1", 26, 30) == []
    assert reference.known("chr2", 1, 100) == []
    for low, high in reference.known("chr1", 1, 100):
        assert len(reference.bases("chr1", low, high) or "") == high - low + 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_in_the_work_folder_itself_stays(tmp_path, packed):
    text = b">chr1\nACGT\n"
    path = tmp_path / ("ref.fa.gz" if packed else "ref.fa")
    path.write_bytes(gzip.compress(text) if packed else text)
    beside = tmp_path / "ref.fa"
    beside.write_bytes(text if not packed else b"another file of the user\n")
    before = {found: found.read_bytes() for found in (path, beside)}
    assert indexed(path, tmp_path).read_bytes() == text
    assert {found: found.read_bytes() for found in before} == before
