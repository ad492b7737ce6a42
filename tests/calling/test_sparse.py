from __future__ import annotations

import pysam
from hypothesis import given
from hypothesis import strategies as st

from apothecary.calling import sparse

WINDOWS = st.lists(
    st.tuples(st.integers(0, 200_000), st.text("ACGT", min_size=1, max_size=300)),
    min_size=1,
    max_size=6,
)


@given(st.lists(WINDOWS, min_size=1, max_size=3))
def test_bases_lie_at_their_places_and_n_around_them(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("sparse") / "reference.fa.gz"
    contigs = {}
    for number, gaps in enumerate(drawn):
        at, windows = 1, []
        for gap, text in gaps:
            windows.append((at + gap, text))
            at += gap + len(text)
        contigs[f"chr{number + 1}"] = windows
    sparse.write(path, contigs)
    with pysam.FastaFile(str(path)) as fasta:
        assert list(fasta.references) == list(contigs)
        for name, windows in contigs.items():
            last, bases = windows[-1]
            assert fasta.get_reference_length(name) == last + len(bases) - 1
            whole = fasta.fetch(name)
            covered = sum(len(text) for _, text in windows)
            assert len(whole) - whole.count("N") == covered
            for first, text in windows:
                assert fasta.fetch(name, first - 1, first - 1 + len(text)) == text


def test_a_far_window_costs_little(tmp_path):
    sparse.write(tmp_path / "r.fa.gz", {"chr1": [(200_000_000, "ACGT")]})
    assert (tmp_path / "r.fa.gz").stat().st_size < 500_000
    with pysam.FastaFile(str(tmp_path / "r.fa.gz")) as fasta:
        assert fasta.fetch("chr1", 199_999_998, 200_000_003) == "NACGT"
