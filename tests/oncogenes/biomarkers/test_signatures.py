"""Signatures that are put into a catalogue are found again, with their doubt."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from apothecary.errors import ResourceError
from apothecary.oncogenes.biomarkers import catalogues, refit, resources, signatures
from apothecary.oncogenes.biomarkers.catalogues import Catalogue
from apothecary.oncogenes.biomarkers.refit import Penalties
from apothecary.oncogenes.biomarkers.resources import Resources

PENALTIES = Penalties(0.05, 0.01, 0.05)
SETTINGS: dict[str, Any] = {
    "min_mutations": {"SBS96": 100, "DBS78": 50, "ID83": 50},
    "bootstraps": 20,
    "first_removal": 0.05,
    "removal": 0.01,
    "addition": 0.05,
    "min_cosine": 0.85,
}


@pytest.fixture(scope="module")
def tables(repository) -> Resources:
    return resources.load((repository / "resources" / "biomarkers").glob("*.tsv"))


def drawn(tables: Resources, kind: str, shares: dict[str, float], count: int) -> Catalogue:
    """A catalogue of mutations that signatures made."""
    matrix = tables.matrices[kind, "exome"]
    mixed = sum(share * matrix.values[:, matrix.signatures.index(n)] for n, share in shares.items())
    numbers = np.random.default_rng(7).multinomial(count, mixed / np.sum(mixed))
    counts = {t: int(n) for t, n in zip(matrix.types, numbers, strict=True)}
    return Catalogue(Counter(counts))


def assessed(tables: Resources, **given: Catalogue) -> list[dict[str, Any]]:
    found = {kind: given.get(kind, Catalogue()) for kind in catalogues.KINDS}
    return signatures.assess(found, "exome", tables, SETTINGS, "T1", "")


def test_the_tables_are_whole(tables):
    sizes = {key: matrix.values.shape for key, matrix in tables.matrices.items()}
    assert {shape[0] for (kind, _), shape in sizes.items() if kind == catalogues.SBS} == {96}
    assert {shape[0] for (kind, _), shape in sizes.items() if kind == catalogues.DBS} == {78}
    assert {shape[0] for (kind, _), shape in sizes.items() if kind == catalogues.ID} == {83}
    for matrix in tables.matrices.values():
        assert np.allclose(matrix.values.sum(axis=0), 1)
        assert "COSMIC_v3.4" in matrix.source
    assert tables.groups["SBS44"] == "MMR_deficiency"
    assert tables.groups["SBS3"] == tables.groups["ID6"] == "HR_deficiency"


def test_a_table_that_is_missing_is_told(tmp_path):
    with pytest.raises(ResourceError, match="signatures_SBS96_genome"):
        resources.load([tmp_path / "x.tsv"])


def test_mutations_of_mismatch_repair_deficiency_are_told(tables):
    mixed = drawn(tables, catalogues.SBS, {"SBS44": 0.7, "SBS1": 0.3}, 3000)
    slips = drawn(tables, catalogues.ID, {"ID2": 0.5, "ID7": 0.5}, 600)
    rows = assessed(tables, SBS96=mixed, ID83=slips)
    found = {row["signature"]: row for row in rows if row["status"] == "assigned"}
    assert {"SBS44", "SBS1", "ID2", "ID7"} <= set(found)
    assert found["SBS44"]["group"] == found["ID7"]["group"] == "MMR_deficiency"
    assert found["SBS44"]["low"] <= 0.7 <= found["SBS44"]["high"]
    assert found["SBS44"]["cosine"] > 0.98
    (doublets,) = [row for row in rows if row["catalogue"] == catalogues.DBS]
    assert (doublets["signature"], doublets["status"]) == ("", "not_assessed")


def test_few_mutations_are_not_fitted_and_those_without_context_are_told(tables):
    few = Catalogue(Counter({"A[C>A]A": 99}), without_context=900)
    (row,) = [row for row in assessed(tables, SBS96=few) if row["catalogue"] == catalogues.SBS]
    assert row["status"] == "not_assessed"
    assert "99 mutations, fewer than 100" in row["reason"]
    assert "900 of 999 mutations have no known context" in row["reason"]


def test_a_catalogue_that_no_signature_explains_is_uncertain(tables):
    odd = Catalogue(Counter(dict.fromkeys(("A[C>G]A", "G[C>G]G", "T[T>G]A"), 100)))
    rows = [row for row in assessed(tables, SBS96=odd) if row["catalogue"] == catalogues.SBS]
    assert rows
    assert {row["status"] for row in rows} == {"uncertain"}
    assert "explains the catalogue poorly" in rows[0]["reason"]


def test_the_same_tumor_gives_the_same_bootstrap(tables):
    mixed = drawn(tables, catalogues.SBS, {"SBS2": 0.5, "SBS5": 0.5}, 300)
    assert assessed(tables, SBS96=mixed) == assessed(tables, SBS96=mixed)


def test_exposures_sum_to_the_mutations_and_are_few(tables):
    matrix = tables.matrices[catalogues.SBS, "exome"]
    counts = np.array(
        [drawn(tables, catalogues.SBS, {"SBS4": 1}, 500).counts[t] for t in matrix.types]
    )
    exposures = refit.refit(counts.astype(float), matrix.values, PENALTIES)
    assert exposures.sum() == pytest.approx(500)
    assert (exposures >= 0).all()
    assert 0 < np.count_nonzero(exposures) <= 4
    assert matrix.signatures[int(np.argmax(exposures))] == "SBS4"
