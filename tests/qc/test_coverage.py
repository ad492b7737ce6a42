"""Coverage of regions from depths, and against the GC of a reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.qc import coverage, depth, gc_content
from apothecary.qc.coverage import Callable
from apothecary.qc.regions import Region

LIMIT = Callable(depth=10, fraction=0.9)


def depths_of(values, chrom="chr1"):
    found = depth.empty({chrom: ((0, len(values)),)})
    found.depths[chrom][:] = values
    return found


def exon(start, end, gene="AAA"):
    return Region(f"exon:{gene}:{start}", "exon", "chr1", ((start, end),), gene, start)


def test_a_region_has_its_own_figures():
    found = depths_of([100] * 5 + [0] * 5)
    first, whole = coverage.rows("S1", [exon(0, 5), exon(0, 10, "BBB")], found, LIMIT)
    assert (first["start"], first["end"], first["bases"]) == (1, 5, 5)
    assert first["mean_depth"] == first["median_depth"] == 100
    assert first["fraction_100x"] == first["uniformity"] == first["callable_fraction"] == 1
    assert first["callable"] is True
    assert whole["mean_depth"] == 50
    assert whole["fraction_10x"] == whole["uniformity"] == 0.5
    assert whole["callable"] is False


def test_a_region_without_reads_has_no_uniformity():
    (row,) = coverage.rows("S1", [exon(0, 4)], depths_of([0] * 4), LIMIT)
    assert row["uniformity"] is None
    assert row["callable"] is False


def test_the_sample_counts_a_base_of_two_regions_once():
    found = {
        m.name: m.value
        for m in coverage.metrics(
            [exon(0, 6), exon(4, 10, "BBB")], depths_of([20] * 6 + [0] * 4), LIMIT
        )
    }
    assert found["mean_target_depth"] == 12
    assert found["target_callable_fraction"] == found["target_fraction_20x"] == 0.6
    assert found["target_fraction_30x"] == 0


def test_without_regions_nothing_is_assessed():
    found = coverage.metrics([], depths_of([1]), LIMIT)
    assert all(metric.value is None and metric.reason for metric in found)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60))
def test_shares_fall_as_the_depth_rises(values):
    (row,) = coverage.rows("S1", [exon(0, len(values))], depths_of(values), LIMIT)
    shares = [row[f"fraction_{d}x"] for d in coverage.DEPTHS]
    assert shares == sorted(shares, reverse=True)
    assert row["mean_depth"] == pytest.approx(np.mean(values))
    assert min(values) <= row["median_depth"] <= max(values)


def test_callable_follows_role_and_assay():
    settings = {"tumor": {"default": {"depth": 20, "fraction": 0.9}, "panel": {"depth": 100}}}
    assert Callable.of_sample(settings, "tumor", "panel") == Callable(100, 0.9)
    assert Callable.of_sample(settings, "tumor", "genome") == Callable(20, 0.9)


class MadeReference:
    """A chromosome that is known but for its last part."""

    def __init__(self, text):
        self.text = text

    def bases(self, chrom, start, end):
        known = chrom == "chr1" and start >= 1 and end <= len(self.text)
        return self.text[start - 1 : end] if known else None


def test_gc_is_the_share_around_a_base():
    reference = MadeReference("A" * 500 + "G" * 500)
    (shares,) = gc_content.around(
        reference, {"chr1": ((200, 201), (500, 501), (800, 801))}
    ).values()
    assert shares[0] == 0
    assert shares[1] == pytest.approx(76 / 151)
    assert shares[2] == 1


def test_what_the_reference_lacks_is_not_known():
    shares = gc_content.around(MadeReference("ACGT" * 10), {"chr2": ((5, 9),), "chr1": ((30, 40),)})
    assert np.isnan(shares["chr2"]).all()
    assert not np.isnan(shares["chr1"]).any()


def dropouts(values, shares):
    found = gc_content.metrics(
        depths_of(values), {"chr1": ((0, len(values)),)}, {"chr1": np.array(shares)}
    )
    return {metric.name: metric.value for metric in found}


def test_even_coverage_loses_nothing():
    assert dropouts([30] * 4, [0.2, 0.4, 0.6, 0.8]) == {"at_dropout": 0, "gc_dropout": 0}


def test_what_gc_rich_targets_lack_is_lost_there():
    found = dropouts([30, 30, 0, 0], [0.2, 0.2, 0.8, 0.8])
    assert found == {"at_dropout": 0, "gc_dropout": 0.5}


def test_without_reference_no_dropout_is_told():
    assert dropouts([30], [np.nan]) == {"at_dropout": None, "gc_dropout": None}
    assert dropouts([0], [0.5]) == {"at_dropout": None, "gc_dropout": None}


def test_positions_that_cannot_be_called_are_named():
    rows = [
        {"kind": "position", "gene": "AAA", "position_id": "p1", "callable": False},
        {"kind": "position", "gene": "AAA", "position_id": "p2", "callable": True},
        {"kind": "exon", "gene": "AAA", "position_id": None, "callable": False},
    ]
    assert coverage.uncallable_positions(rows) == {("AAA", "p1")}


def test_a_gene_is_reached_by_one_base_that_can_be_called():
    found = depths_of([0] * 5 + [9] * 5 + [10] + [0] * 9)
    regions = [exon(0, 5, "NONE"), exon(5, 10, "FEW"), exon(0, 3, "SOME"), exon(10, 14, "SOME")]
    target = Region("target:x", "target", "chr1", ((0, 20),))
    assert coverage.reached([*regions, target], found, LIMIT) == {"SOME"}
