"""Vectors and published checks of the warfarin models, and their refusals."""

from __future__ import annotations

import math

import pytest

from apothecary.pharmacogenes.doses import genotypes, models, warfarin
from apothecary.pharmacogenes.doses.warfarin import Genotype, WarfarinInputs

IWPC, IWPC_CLINICAL, GAGE, GAGE_CLINICAL = warfarin.MODELS


@pytest.fixture(scope="module")
def tables(repository):
    return models.load((repository / "resources" / "dose_models").glob("*.tsv"))


def inputs(vkorc1=None, cyp2c9=None, **more):
    facts = {
        "age_years": 65,
        "height_cm": 170,
        "weight_kg": 75,
        "target_inr": 2.5,
        "race": "white",
        "smoker": False,
        "venous_thrombosis": False,
        **more,
    }
    return WarfarinInputs(vkorc1=Genotype(vkorc1), cyp2c9=Genotype(cyp2c9), **facts)


@pytest.mark.parametrize(
    ("vkorc1", "cyp2c9", "more", "weekly"),
    [
        ("GG", "*1/*1", {}, 41.93),
        ("GG", "*1/*3", {}, 30.68),
        ("AG", "*1/*1", {}, 31.44),
        ("AG", "*1/*2", {}, 25.87),
        ("AG", "*1/*3", {}, 21.82),
        ("AA", "*1/*1", {}, 22.83),
        ("AA", "*3/*3", {}, 5.98),
        (None, None, {}, 33.30),
        ("AG", "*1/*3", {"amiodarone": True}, 16.99),
        ("AG", "*1/*3", {"inducer": True}, 34.26),
    ],
)
def test_iwpc_vectors(tables, vkorc1, cyp2c9, more, weekly):
    found = warfarin.calculate(IWPC, inputs(vkorc1, cyp2c9, **more), tables)
    assert found.value == pytest.approx(weekly, abs=0.005)
    assert (found.unit, found.refused) == ("mg/week", None)


def test_iwpc_without_genes(tables):
    found = warfarin.calculate(IWPC_CLINICAL, inputs(), tables)
    assert found.value == pytest.approx(30.48, abs=0.005)
    assert not any("VKORC1" in text for text in found.inputs)


def test_iwpc_counts_whole_decades(tables):
    doses = {
        age: warfarin.calculate(IWPC, inputs("GG", "*1/*1", age_years=age), tables).value
        for age in (60, 69, 70)
    }
    assert doses[60] == doses[69] > doses[70]


@pytest.mark.parametrize("race", ["white", "asian", "black", "mixed"])
def test_iwpc_race_terms(tables, race):
    terms = tables.coefficients[IWPC]
    found = warfarin.calculate(IWPC, inputs("GG", "*1/*1", race=race), tables)
    white = math.sqrt(41.93)
    term = 0.0 if race == "white" else terms[f"race_{race}"]
    assert math.sqrt(found.value) == pytest.approx(white + term, abs=0.001)


def test_race_is_optional_and_what_was_used_is_told(tables):
    found = warfarin.calculate(IWPC, inputs("GG", "*1/*1", race=None), tables)
    mixed = warfarin.calculate(IWPC, inputs("GG", "*1/*1", race="mixed"), tables)
    assert found.value == mixed.value
    assert "race is not given: the model's term for mixed or missing race was used" in found.notes
    gage = warfarin.calculate(GAGE, inputs("GG", "*1/*1", race=None), tables)
    assert any("race is not given" in note for note in gage.notes)


@pytest.mark.parametrize(
    ("vkorc1", "cyp2c9", "daily"),
    [
        ("GG", "*1/*1", 6.065),
        ("AG", "*1/*1", 4.388),
        ("AA", "*1/*1", 3.174),
        ("AA", "*3/*3", 1.424),
    ],
)
def test_gage_vectors(tables, vkorc1, cyp2c9, daily):
    found = warfarin.calculate(GAGE, inputs(vkorc1, cyp2c9), tables)
    assert found.value == pytest.approx(daily, abs=0.0011)
    assert (found.unit, found.refused) == ("mg/day", None)


def _change(tables, other, base=("GG", "*1/*1", {})):
    """Change of the dose in percent, from before rounding."""
    one, two = (warfarin._gage(GAGE, inputs(v, c, **more), tables) for v, c, more in (base, other))
    return 100 * (two / one - 1)


@pytest.mark.parametrize(
    ("other", "published", "computed"),
    [
        (("AG", "*1/*1", {}), -28, -27.7),
        (("GG", "*1/*3", {}), -33, -33.0),
        (("GG", "*1/*2", {}), -19, -18.7),
        (("GG", "*1/*1", {"age_years": 75}), -7, -7.2),
        (("GG", "*1/*1", {"target_inr": 3.0}), 11, 10.7),
        (("GG", "*1/*1", {"amiodarone": True}), -22, -22.4),
        (("GG", "*1/*1", {"smoker": True}), 10, 9.7),
        (("GG", "*1/*1", {"race": "black"}), -9, -8.6),
        (("GG", "*1/*1", {"venous_thrombosis": True}), 7, 6.9),
    ],
)
def test_gage_effects_are_those_of_the_abstract(tables, other, published, computed):
    change = _change(tables, other)
    assert change == pytest.approx(computed, abs=0.06)
    assert round(change) == pytest.approx(published, abs=1)


def test_gage_effect_of_the_body_surface(tables):
    change = 100 * (math.exp(tables.coefficients[GAGE]["body_surface_m2"] * 0.25) - 1)
    assert change == pytest.approx(11.4, abs=0.06)
    assert models.body_surface_m2(170, 75, tables) == pytest.approx(1.8636, abs=0.0001)


def test_gage_without_genes_is_the_clinical_equation(tables):
    found = warfarin.calculate(GAGE_CLINICAL, inputs(), tables)
    area = models.body_surface_m2(170, 75, tables)
    expected = math.exp(0.613 + 0.425 * area - 0.0075 * 65 + 0.216 * 2.5)
    assert found.value == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("model", warfarin.MODELS)
@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("age_years", 17, "age_years 17 is outside 18 to 99: adults only"),
        ("age_years", 100, "age_years 100 is outside 18 to 99"),
        ("target_inr", 3.5, "target_inr 3.5 is outside 2 to 3"),
        ("target_inr", 1.9, "target_inr 1.9 is outside 2 to 3"),
        ("height_cm", 110, "height_cm 110 is outside 125 to 202"),
        ("weight_kg", 250, "weight_kg 250 is outside 30 to 237"),
        ("age_years", None, "age_years is not given"),
        ("height_cm", None, "height_cm is not given"),
        ("weight_kg", None, "weight_kg is not given"),
        ("target_inr", None, "target_inr is not given"),
    ],
)
def test_outside_its_range_and_without_an_input_a_model_refuses(tables, model, name, value, reason):
    found = warfarin.calculate(model, inputs("GG", "*1/*1", **{name: value}), tables)
    assert found.value is None
    assert found.refused.startswith(reason)
    assert found.notes == ()


@pytest.mark.parametrize("edge", [18, 99])
def test_the_ends_of_a_range_are_inside(tables, edge):
    found = warfarin.calculate(IWPC, inputs("GG", "*1/*1", age_years=edge), tables)
    assert found.value is not None


def test_every_reason_is_told_at_once(tables):
    found = warfarin.calculate(GAGE, inputs(smoker=None, age_years=12), tables)
    assert found.refused.split("; ") == [
        "VKORC1 is not known, and the model has no term for that",
        "CYP2C9 is not known, and the model has no term for that",
        "smoker is not given",
        "age_years 12 is outside 18 to 99: adults only",
        "the cohort's last class of age is 90 and over",
    ]


def test_smoking_and_thrombosis_are_asked_for_by_gage_alone(tables):
    nothing = inputs("GG", "*1/*1", smoker=None, venous_thrombosis=None)
    assert warfarin.calculate(IWPC, nothing, tables).value == pytest.approx(41.93, abs=0.005)
    assert warfarin.calculate(GAGE, nothing, tables).value is None


def test_a_gene_with_a_problem_stops_the_models_with_genes_only(tables):
    given = inputs("GG", None)
    given = WarfarinInputs(
        **{**vars(given), "cyp2c9": Genotype(problem="CYP2C9 *1/*8: the models have no term")}
    )
    for model in (IWPC, GAGE):
        assert warfarin.calculate(model, given, tables).refused.startswith("CYP2C9 *1/*8")
    assert warfarin.calculate(IWPC_CLINICAL, given, tables).value is not None


def _row(allele_1, allele_2, **more):
    return {"allele_1": allele_1, "allele_2": allele_2, "posterior": None, **more}


C, T = "rs9923231 reference (C)", "rs9923231 variant (T)"


@pytest.mark.parametrize(
    ("gene", "alleles", "value"),
    [
        ("VKORC1", (C, C), "GG"),
        ("VKORC1", (C, T), "AG"),
        ("VKORC1", (T, C), "AG"),
        ("VKORC1", (T, T), "AA"),
        ("CYP2C9", ("*1", "*1"), "*1/*1"),
        ("CYP2C9", ("*3", "*2"), "*2/*3"),
        ("CYP2C9", (None, None), None),
    ],
)
def test_genotypes_of_the_models(tables, gene, alleles, value):
    found = genotypes.genotype(gene, [_row(*alleles)], tables)
    assert (found.value, found.problem) == (value, None)


def test_an_allele_without_a_term_is_no_reference(tables):
    found = genotypes.genotype("CYP2C9", [_row("*1", "*8")], tables)
    assert (found.value, found.problem) == (None, "CYP2C9 *1/*8: the models have no term for it")


def test_genotypes_that_cannot_be_told_apart(tables):
    rows = [_row("*1", "*2"), _row("*1", "*3")]
    found = genotypes.genotype("CYP2C9", rows, tables)
    assert found.value is None
    assert found.problem.startswith("CYP2C9 is *1/*2 or *1/*3")
    assert genotypes.genotype("CYP2C9", [rows[0], _row("*2", "*1")], tables).value == "*1/*2"


def test_a_posterior_of_phenotypes_settles_no_genotype(tables):
    # Both have the posterior of the phenotype that they share.
    rows = [_row("*2", "*2", posterior=0.995), _row("*1", "*3", posterior=0.995)]
    found = genotypes.genotype("CYP2C9", rows, tables)
    assert found.problem == "CYP2C9 is *1/*3 or *2/*2: the genotypes cannot be told apart"
