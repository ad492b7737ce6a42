from __future__ import annotations

import pysam
import pytest
from calling_builders import Reads, bases

from apothecary.calling import pileup
from apothecary.calling.error_rates import QUALITY_EDGES, ErrorRates, NoiseSettings
from apothecary.calling.pileup import BASES, ReadLimits

TEXT = bases(200, 5)


def rates_of(tmp_path, reads, settings=None):
    path = reads.write(tmp_path / "x.bam")
    errors = ErrorRates(settings or NoiseSettings())
    with pysam.AlignmentFile(str(path)) as file:
        found = pileup.read_window(file, "chr1", "chr1", 1001, 1200, ReadLimits())
    errors.add(found)
    return errors, found


def put(text, at, base):
    return text[:at] + base + text[at + 1 :]


def test_errors_are_counted_on_the_strand_of_the_read(tmp_path):
    at = TEXT.index("C", 50)
    reads = Reads()
    for number in range(200):
        text = put(TEXT, at, "A") if number in (0, 1) else TEXT
        reads.add("chr1", 1001, text, reverse=number == 1)
    errors, _ = rates_of(tmp_path, reads)
    bin_ = sum(edge <= 35 for edge in QUALITY_EDGES)
    c, a, g, t = (BASES.index(b) for b in "CAGT")
    assert errors.errors[bin_, c, a] == 1
    # The reverse read shows G>T.
    assert errors.errors[bin_, g, t] == 1
    assert errors.errors.sum() == 200 * 200


def test_a_variant_is_no_error(tmp_path):
    at = TEXT.index("C", 50)
    reads = Reads()
    for number in range(100):
        reads.add("chr1", 1001, put(TEXT, at, "T") if number < 30 else TEXT)
    errors, _ = rates_of(tmp_path, reads)
    wrong = errors.errors.sum(axis=0)
    assert wrong.sum() - wrong.trace() == 0


def test_shallow_places_are_left_out(tmp_path):
    reads = Reads()
    for _ in range(19):
        reads.add("chr1", 1001, TEXT)
    errors, _ = rates_of(tmp_path, reads)
    assert errors.errors.sum() == 0


def test_the_rate_is_near_the_one_that_was_put_in(tmp_path):
    reads = Reads()
    for number in range(1000):
        at = 20 + number % 150
        base = "A" if TEXT[at] != "A" else "C"
        reads.add("chr1", 1001, put(TEXT, at, base), reverse=number % 2 == 1)
    errors, found = rates_of(tmp_path, reads)
    wrong = errors.errors.sum(axis=0)
    assert (wrong.sum() - wrong.trace()) / wrong.sum() == pytest.approx(1 / 200)
    place = next(i for i in range(20, 170) if TEXT[i] == "C")
    rate = errors.substitution(found, found.at(1001 + place), BASES.index("C"), BASES.index("A"))
    assert 0.001 < rate < 0.02


def test_without_any_base_the_rate_is_that_of_the_quality():
    rates = ErrorRates(NoiseSettings()).rates
    lowest = [2, *QUALITY_EDGES]
    for number, quality in enumerate(lowest):
        prior = 10 ** (-quality / 10) / 3
        assert rates[number, 0, 1] == pytest.approx(prior)


def test_indel_errors_go_by_the_run_that_follows(tmp_path):
    text = TEXT[:99] + "G" + "A" * 9 + "C" + TEXT[110:]
    reads = Reads()
    for number in range(400):
        if number < 3:
            reads.add("chr1", 1001, text[:100] + text[101:], "100M1D99M")
        else:
            reads.add("chr1", 1001, text)
    errors, _ = rates_of(tmp_path, reads)
    assert errors.indels[0].tolist() == [0, 0, 0, 3]
    assert errors.indel(9) > 5 * errors.indel(1)
