"""Copy number from simulated depths: what was put in comes out, or nothing is said."""

from __future__ import annotations

import numpy as np
import pytest

from apothecary.oncogenes import depth_batch, depth_copy_number
from apothecary.oncogenes.depth_copy_number import Baseline, Target
from apothecary.oncogenes.settings import Settings
from apothecary.oncogenes.tumor_settings import TumorSettings

GENES = 20
TARGETS = [
    Target(f"target {gene} {i}", f"G{gene}", f"chr{gene % 19 + 1}", 1000 * i, 1000 * i + 200)
    for gene in range(GENES)
    for i in range(1, 11)
]
SAMPLE = {"sample_id": "T1", "sex": "F", "purity": 0.7, "ploidy": 2.0}


def gc_of(chrom: str, start: int, end: int) -> float:
    return 0.3 + 0.4 * ((start * 7919 + len(chrom)) % 97) / 97


def depths(copies: dict[str, float], purity: float, bias: float = 0.0, seed: int = 1):
    """Depth of each target: its capture, GC bias, copies, and counting noise."""
    capture = np.random.default_rng(99).lognormal(0, 0.4, len(TARGETS))
    rng = np.random.default_rng(seed)
    found = {}
    for target, efficiency in zip(TARGETS, capture, strict=True):
        cells = purity * copies.get(target.gene, 2) + 2 * (1 - purity)
        slope = np.exp(bias * (gc_of(target.chrom, target.start, target.end) - 0.5))
        found[target.region_id] = float(rng.poisson(400 * efficiency * slope * cells / 2 * 4) / 4)
    return found


def estimated(copies, *, purity=0.7, sample=SAMPLE, bias=0.0, gc=gc_of):
    baseline = Baseline([depths({}, 0, seed=2)], "against N", matched=True)
    rows = depth_copy_number.of_sample(
        sample, depths(copies, purity, bias), baseline, TARGETS, gc, Settings(), TumorSettings()
    )
    return {row["gene"]: row for row in rows}


TRUTH = {"G3": 14.0, "G5": 0.0, "G7": 1.0, "G9": 4.0}


@pytest.mark.parametrize("purity", [0.5, 0.7, 0.95])
def test_states_are_those_that_were_put_in(purity):
    rows = estimated(TRUTH, purity=purity, sample={**SAMPLE, "purity": purity})
    assert rows["G3"]["state"] == "amplification"
    assert rows["G5"]["state"] == "homozygous_deletion"
    assert rows["G7"]["state"] == "loss"
    assert rows["G9"]["state"] == "gain"
    others = [row["state"] for gene, row in rows.items() if gene not in TRUTH]
    assert set(others) <= {"neutral", "uncertain"}
    for gene, copies in TRUTH.items():
        row = rows[gene]
        assert row["total"] == pytest.approx(copies, abs=0.12 * copies + 0.3)
        assert row["total_low"] <= row["total"] <= row["total_high"]


def test_without_purity_only_what_holds_at_any_purity_is_said():
    rows = estimated(TRUTH, sample={**SAMPLE, "purity": None})
    assert rows["G3"]["state"] == "amplification"
    assert rows["G5"]["state"] == "loss"
    assert rows["G5"]["total"] is None
    assert {row["state"] for gene, row in rows.items() if gene not in TRUTH} == {"uncertain"}


def test_a_bias_of_gc_is_taken_off():
    rows = estimated({}, bias=3.0)
    biased = estimated({}, bias=3.0, gc=lambda *_: None)
    worst = max(abs(row["log2"]) for row in rows.values())
    assert worst < 0.15
    assert worst < max(abs(row["log2"]) for row in biased.values())
    assert "GC corrected" in rows["G0"]["reason"]
    assert "GC not corrected" in biased["G0"]["reason"]


def test_too_few_targets_and_no_normal_are_not_assessed():
    two = [t for t in TARGETS if t.gene == "G1"][:2]
    baseline = Baseline([depths({}, 0)], "against N", matched=True)
    rest = (gc_of, Settings(), TumorSettings())
    (row,) = depth_copy_number.of_sample(SAMPLE, depths({}, 0.7), baseline, two, *rest)
    assert (row["state"], row["reason"]) == ("not_assessed", "2 targets, 3 are needed")
    (row,) = depth_copy_number.of_sample(SAMPLE, depths({}, 0.7), None, two, *rest)
    assert "no matched normal" in row["reason"]


def test_a_sex_chromosome_needs_the_normal_of_the_person():
    on_x = [Target(t.region_id, t.gene, "chrX", t.start, t.end) for t in TARGETS[:10]]
    baseline = Baseline([depths({}, 0)] * 3, "against 3", matched=False)
    found = depth_copy_number.of_sample(
        SAMPLE, depths({}, 0.7), baseline, on_x + TARGETS[10:], gc_of, Settings(), TumorSettings()
    )
    assert found[0]["state"] == "not_assessed"
    assert "sex chromosome" in found[0]["reason"]


def test_the_normal_of_the_person_comes_before_others():
    def row(name, role, subject="P"):
        return {"sample_id": name, "role": role, "subject_id": subject, "assay": "panel"}

    tumor = row("T", "tumor")
    own = [tumor, row("N", "normal"), *(row(f"O{i}", "germline", f"Q{i}") for i in range(3))]
    measured = {r["sample_id"]: {} for r in own}
    limits = TumorSettings()
    found = depth_batch._baseline(tumor, own, measured, limits)
    assert found is not None
    assert found.words == "against the normal N"
    found = depth_batch._baseline(tumor, own[2:], measured, limits)
    assert found is not None
    assert (found.matched, len(found.depths)) == (False, 3)
    assert depth_batch._baseline(tumor, own[3:], measured, limits) is None


def test_segments_of_the_user_come_before_depth():
    given = [{"sample_id": "T1", "gene": "A", "state": "gain"}]
    told = {"gene": "B", "state": "loss", "total": None, "log2": -1.0}
    by_depth = [{"sample_id": name, **told} for name in ("T1", "T2")]
    by_depth.append({"sample_id": "T2", "gene": "C", "state": "uncertain", "total": 2, "log2": 0})
    found = depth_copy_number.filled(given, by_depth)
    assert [(r["sample_id"], r["gene"]) for r in found] == [("T1", "A"), ("T2", "B")]
    assert found[1]["total"] == pytest.approx(1.0)
