"""Microsatellite instability from reads that are made up, with their homopolymers changed."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.alignments import files
from apothecary.oncogenes.biomarkers import loci, msi_reads
from apothecary.oncogenes.biomarkers.loci import Locus
from apothecary.variants.reference import Fasta

SETTINGS: dict[str, Any] = {"min_reads": 20, "min_loci": 20, "alpha": 0.05, "min_shift": 0.1}
MODEL = {"unstable_percent_cut": 16.5}
START = 140_700_001
RUN, FLANK, READ = 12, 60, 90
LENGTHS = {"chr7": 159_345_973, "chr1": 248_956_422}


def genome(runs: int) -> str:
    """Homopolymers of twelve bases between stretches without runs."""
    dice = random.Random(3)
    text = ""
    for at in range(runs):
        while len(text) < at * (RUN + FLANK) + FLANK:
            text += dice.choice([base for base in "ACGT" if not text.endswith(base)])
        text += "A" * RUN if text[-1] != "A" else "C" * RUN
    return text + "GTCAGTCATG" * 6


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fasta, str]:
    folder = tmp_path_factory.mktemp("reference")
    text = genome(40)
    path = folder / "slice.fa"
    path.write_text(f">chr7:{START}-{START + len(text) - 1}\n{text}\n", encoding="utf-8")
    return Fasta(path, folder / "work"), text


def found(reference: Fasta, text: str) -> list[Locus]:
    span = ("chr7", START, START + len(text) - 1)
    return loci.scan([span], reference, LENGTHS, 8, 30)


def write(
    path: Path, text: str, places: list[Locus], depth: int, unstable: int, share: float, seed: int
) -> files.Alignment:
    """Reads over each homopolymer; of some a share has three bases fewer, and all err a little."""
    dice = random.Random(seed)
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": name, "LN": length} for name, length in LENGTHS.items()],
    }
    reads = []
    for number, place in enumerate(places):
        for at in range(depth):
            change = dice.choices((0, -1, 1), (0.94, 0.04, 0.02))[0]
            if number < unstable and dice.random() < share:
                change = -3
            left = dice.randint(20, 50)
            first = place.start - START - left
            right = READ - left - RUN
            read = pysam.AlignedSegment(pysam.AlignmentHeader.from_dict(header))
            read.query_name = f"r{number}-{at}"
            read.reference_id, read.reference_start = 0, START - 1 + first
            read.mapping_quality = 60
            before, after = text[first : first + left], text[first + left + RUN :][:right]
            read.query_sequence = before + place.base * (RUN + change) + after
            # The gap is put at the left, as aligners do.
            cigar = [(0, left)]
            if change:
                cigar.append((1, change) if change > 0 else (2, -change))
            read.cigartuples = [*cigar, (0, RUN + min(change, 0) + right)]
            reads.append(read)
    with pysam.AlignmentFile(
        str(path), "wb", header=pysam.AlignmentHeader.from_dict(header)
    ) as out:
        for read in sorted(reads, key=lambda r: r.reference_start):
            out.write(read)
    pysam.index(str(path))
    return files.look(str(path), "GRCh38")


def measured(
    folder: Path,
    reference: tuple[Fasta, str],
    unstable: int,
    depth: int = 60,
    share: float = 0.4,
    told: bool = True,
) -> list[dict[str, Any]]:
    fasta, text = reference
    places = found(fasta, text)
    tumor = write(folder / "t.bam", text, places, depth, unstable, share, 1)
    normal = write(folder / "n.bam", text, places, depth, 0, 0.0, 2)
    counted = (loci.count(reads, places, 20, 5) for reads in (tumor, normal))
    return loci.rows("T1", places, *counted, lambda locus: told)


def judged(rows: list[dict[str, Any]], baseline: Any = None) -> dict[str, Any]:
    return msi_reads.assess(rows, baseline or {}, True, MODEL, SETTINGS)


def test_homopolymers_are_found_with_their_place_and_base(reference):
    fasta, text = reference
    places = found(fasta, text)
    assert len(places) == 40
    for place in places:
        at = place.start - START
        assert text[at : at + place.length] == place.base * RUN
        assert text[at - 1] != place.base != text[at + place.length]


def test_a_homopolymer_at_the_edge_of_what_is_known_is_left_out(tmp_path):
    (tmp_path / "x.fa").write_text(f">chr7:{START}-{START + 39}\n{'A' * 20}{'GT' * 10}\n")
    fasta = Fasta(tmp_path / "x.fa", tmp_path / "work")
    assert loci.scan([("chr7", START, START + 39)], fasta, LENGTHS, 8, 30) == []


@pytest.mark.parametrize(
    ("unstable", "status"), [(0, "mss"), (30, "msi_high"), (7, "indeterminate")]
)
def test_a_tumor_is_judged_against_its_normal(tmp_path, reference, unstable, status):
    row = judged(measured(tmp_path, reference, unstable))
    assert row["status"] == status
    assert abs(row["numerator"] - unstable) <= 1
    assert row["denominator"] == 40
    assert "the normal of the same person" in row["method"]


def test_lengths_of_the_normal_that_are_withheld_change_no_judgement(tmp_path, reference):
    rows = measured(tmp_path, reference, 30, told=False)
    assert all(row["normal_lengths"] == [] and row["normal_reads"] for row in rows)
    assert judged(rows) == judged(measured(tmp_path, reference, 30))
    # They are no baseline for others either.
    assert not any(msi_reads.pooled([rows]).values())


def test_a_tumor_without_a_normal_is_judged_by_the_baseline_or_not_at_all(tmp_path, reference):
    rows = measured(tmp_path, reference, 30)
    baseline = msi_reads.pooled([rows, rows])
    alone = [{**row, "normal_lengths": [], "normal_reads": 0} for row in rows]
    assert judged(alone)["status"] == "not_assessed"
    assert "biomarkers.msi_reads.baseline" in judged(alone)["reason"]
    row = judged(alone, baseline)
    assert row["status"] == "msi_high"
    assert "the baseline of normals" in row["method"]


def test_few_reads_or_loci_are_not_judged(tmp_path, reference):
    row = judged(measured(tmp_path, reference, 30, depth=10))
    assert row["status"] == "not_assessed"
    assert row["reason"].startswith("0 of 40 homopolymers have 20 reads")


def test_a_tumor_without_reads_is_not_assessed():
    row = msi_reads.assess([], {}, False, MODEL, SETTINGS)
    assert (row["status"], row["reason"]) == ("not_assessed", "no reads were given")
    row = msi_reads.assess([], {}, True, MODEL, SETTINGS)
    assert row["status"] == "not_assessed"
    assert row["reason"] == "no homopolymer of the targets is spanned by reads"


def read(start: int, cigar: list[tuple[int, int]]) -> Any:
    used = sum(size for operation, size in cigar if operation in (0, 2, 3))
    return SimpleNamespace(reference_start=start, reference_end=start + used, cigartuples=cigar)


@pytest.mark.parametrize(
    ("cigar", "length"),
    [
        ([(0, 40)], 10),
        ([(0, 15), (2, 2), (0, 23)], 8),
        ([(0, 15), (1, 3), (0, 25)], 13),
        ([(0, 25), (1, 1), (0, 15)], 11),
        ([(0, 12), (1, 1), (0, 28)], None),  # in the flank
        ([(0, 13), (2, 5), (0, 22)], None),  # out of the homopolymer into the flank
        ([(0, 20), (3, 2), (0, 18)], None),
        ([(0, 28)], None),  # too short
        ([(0, 5), (2, 1), (0, 34)], 10),  # far from it
    ],
)
def test_the_length_that_a_read_shows(cigar, length):
    # The homopolymer is of the bases 16 to 25, 1-based, and the read begins at the first.
    locus = Locus("chr7", 16, 25, "A")
    assert loci.spanned(read(0, cigar), locus, 5) == length


lengths = st.dictionaries(st.integers(5, 20), st.integers(1, 200), min_size=1).map(Counter)


@given(lengths, lengths)
def test_the_shift_is_symmetric_and_none_between_equals(a, b):
    assert msi_reads.shift(a, a) == pytest.approx(0)
    assert msi_reads.shift(a, b) == pytest.approx(msi_reads.shift(b, a))
    assert 0 <= msi_reads.shift(a, b) <= 1 + 1e-9


@given(lengths)
def test_what_is_written_is_read_again(found):
    locus = Locus("chr7", 16, 25, "A")
    (row,) = loci.rows("T1", [locus], [found], [Counter()], lambda locus: True)
    assert msi_reads.counted(row["tumor_lengths"]) == found
    assert row["tumor_reads"] == found.total()
