"""From sites over posterior, phenotype and guidance to the dose, with the embedded knowledge."""

from __future__ import annotations

from pathlib import Path

import pytest

from apothecary import schemas
from apothecary import tables as run_tables
from apothecary.knowledge import build, pack
from apothecary.pharmacogenes import definitions, phenotypes, recommendations
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings
from apothecary.pharmacogenes.doses import calculate, models
from apothecary.pharmacogenes.frequencies import Frequencies
from apothecary.pharmacogenes.matcher import Genotype

SAMPLES = [{"sample_id": "S1", "subject_id": "P1"}]


@pytest.fixture(scope="module")
def embedded(repository: Path, tmp_path_factory) -> pack.Pack:
    return build.build(repository / "resources" / "knowledge", tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def defined(embedded) -> definitions.Definitions:
    return definitions.from_pack(embedded)


@pytest.fixture(scope="module")
def caller(embedded) -> GeneCaller:
    return GeneCaller(MatchSettings(mode="posterior"), Frequencies.from_pack(embedded))


@pytest.fixture(scope="module")
def figures(repository: Path) -> models.DoseTables:
    return models.load((repository / "resources" / "dose_models").glob("*.tsv"))


@pytest.fixture
def called(caller, defined):
    def call(gene, heterozygous=(), unseen=()):
        """Rows of diplotypes: every position reference but for those named by rsid."""
        made = []
        for position in defined.genes[gene].positions:
            if position.rsid in unseen:
                made.append(None)
            elif position.rsid in heterozygous:
                made.append(Genotype((position.ref, position.alts[0])))
            else:
                made.append(Genotype((position.ref, position.ref)))
        rows = caller.call(defined.genes[gene], tuple(made))
        return [{"sample_id": "S1", "gene": gene, **row} for row in rows]

    return call


@pytest.fixture
def advised(embedded, defined, figures):
    def advise(diplotypes, drugs):
        found = phenotypes.assign(diplotypes, defined)
        run_tables.to_arrow(schemas.PHENOTYPES, found)
        taken = {"S1": drugs}
        advice = recommendations.match(found, embedded, taken)
        run_tables.to_arrow(schemas.RECOMMENDATIONS, advice)
        doses = calculate.calculate(SAMPLES, taken, (), found, advice, figures)
        run_tables.to_arrow(schemas.DOSES, doses)
        return found, [row for row in advice if row["drug"] in drugs], doses

    return advise


def by_source(advice, drug, source):
    rows = [row for row in advice if (row["drug"], row["source"]) == (drug, source)]
    return [(row["lookup"], row["posterior"], row["action"]) for row in rows]


def dosed(doses, drug):
    """Value or ends, unit and whether refused, by model."""
    return {
        row["model"]: (row["value"] or (row["low"], row["high"]), row["unit"], row["refused"])
        for row in doses
        if row["drug"] == drug
    }


def test_diplotypes_of_one_phenotype_give_one_recommendation_and_one_dose(called, advised):
    diplotypes = called("CYP2C19", unseen=("rs3758581",))
    assert {row["decision"] for row in diplotypes} == {"indeterminate"}
    assert len(diplotypes) == 3
    found, advice, doses = advised(diplotypes, ["clopidogrel"])
    posterior = found[0]["posterior"]
    assert {row["phenotype"] for row in found} == {"Normal Metabolizer"}
    assert by_source(advice, "clopidogrel", "DPWG") == [
        ("CYP2C19=Normal Metabolizer", posterior, "no_recommendation")
    ]
    # CPIC has a row for each of three indications, and not one for each diplotype.
    cpic = [row for row in advice if row["source"] == "CPIC"]
    assert len({row["population"] for row in cpic}) == len(cpic) == 3
    assert cpic[0]["diplotypes"] == [f"CYP2C19 {n}" for n in ("*1/*1", "*1/*38", "*38/*38")]
    assert set(dosed(doses, "clopidogrel").values()) == {(75.0, "mg/day", None)}
    assert f"posterior={posterior:g}" in doses[0]["inputs"]
    assert "rs3758581 was not assessed" in " ".join(doses[0]["notes"])


def test_phenotypes_that_cannot_be_told_apart_give_each_recommendation(called, advised):
    found, advice, doses = advised(
        called("CYP2C9", ("rs1799853",), ("rs1057910",)), ["phenytoin", "warfarin", "celecoxib"]
    )
    posteriors = {row["activity_score"]: row["posterior"] for row in found}
    assert set(posteriors) == {"1.5", "0.5"}
    assert posteriors["1.5"] > 0.9 > 0.1 > posteriors["0.5"]
    assert by_source(advice, "celecoxib", "CPIC") == [
        ("CYP2C9=1.5", posteriors["1.5"], "standard_dosing"),
        ("CYP2C9=0.5", posteriors["0.5"], "change_dose"),
    ]
    by_model = dosed(doses, "celecoxib")
    value, _, refused = by_model.pop("CPIC by CYP2C9: starting dose")
    assert value == (None, None)
    assert refused == (
        "phenotypes that cannot be told apart lead to different doses: "
        f"CYP2C9=1.5 (posterior {posteriors['1.5']:g}): no figure; "
        f"CYP2C9=0.5 (posterior {posteriors['0.5']:g}): "
        "0.25 to 0.5 times the lowest starting dose"
    )
    # The table of the FDA names poor metabolizers alone: it gives no dose while one is possible.
    ((_, _, refused),) = by_model.values()
    assert refused.endswith("CYP2C9 Intermediate Metabolizer: no recommendation")
    refusals = [refused for _, _, refused in dosed(doses, "phenytoin").values()]
    assert len(refusals) == 3
    assert all("lead to different doses" in text for text in refusals)
    by_model = dosed(doses, "warfarin")
    assert "CYP2C9 is *1/*2 or *2/*3" in by_model["iwpc_pharmacogenetic"][2]


def test_alleles_without_function_alike_leave_the_thiopurine_dose(called, advised):
    diplotypes = [*called("TPMT", ("rs1142345",), ("rs1800460",)), *called("NUDT15")]
    found, advice, doses = advised(diplotypes, ["azathioprine"])
    tpmt = [row for row in found if row["gene"] == "TPMT"]
    assert [row["lookup_diplotype"] for row in tpmt] == ["*1/*3C", "*1/*3A"]
    nudt15 = next(row for row in found if row["gene"] == "NUDT15")
    product = round(tpmt[0]["posterior"] * nudt15["posterior"], 4)
    lookup = "NUDT15=Normal Metabolizer;TPMT=Intermediate Metabolizer"
    assert by_source(advice, "azathioprine", "CPIC") == [(lookup, product, "change_dose")]
    values = dosed(doses, "azathioprine")
    times = "times the normal starting dose"
    assert values["CPIC by NUDT15 and TPMT: starting dose"] == ((0.3, 0.8), times, None)


def test_dpyd_goes_by_the_two_alleles_of_lowest_function(called, advised):
    found, advice, doses = advised(called("DPYD", ("rs3918290", "rs67376798")), ["capecitabine"])
    (row,) = found
    assert (row["activity_score"], row["method"], row["posterior"]) == ("0.5", "compatible", None)
    assert by_source(advice, "capecitabine", "CPIC") == [("DPYD=0.5", None, "avoid")]
    assert {refused for _, _, refused in dosed(doses, "capecitabine").values()} == {
        "the guideline says to avoid the medicine",
        "the guideline gives no dose by the genes",
    }
    assert "two alleles of lowest function" in " ".join(doses[0]["notes"])
    _, _, one = advised(called("DPYD", ("rs3918290",)), ["capecitabine"])
    assert dosed(one, "capecitabine")["CPIC by DPYD: starting dose"][0] == 0.5
