from __future__ import annotations

import csv

import pytest

from apothecary import schemas
from apothecary import tables as run_tables
from apothecary.errors import ResourceError
from apothecary.pharmacogenes.doses import calculate, guided, models

GUIDANCE: dict[tuple[str, ...], str] = {}


@pytest.fixture(scope="module")
def tables(repository):
    return models.load((repository / "resources" / "dose_models").glob("*.tsv"))


@pytest.fixture(scope="module")
def keys(repository):
    """guidance_id by source, medicine and the keys of its genes."""
    folder = repository / "resources" / "knowledge"
    source = {}
    with (folder / "guidance.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            source[row["guidance_id"], row["drug"]] = row["source"]
    found: dict[tuple[str, str], set[str]] = {}
    with (folder / "guidance_keys.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            pair = (row["guidance_id"], row["drug"])
            found.setdefault(pair, set()).add(f"{row['gene']}={row['key']}")
    return {
        (source[number, drug], drug, *sorted(genes)): number
        for (number, drug), genes in found.items()
    }


def advice(keys, source, drug, *lookups):
    number = keys[source, drug, *sorted(lookups)]
    return {
        "sample_id": "S1",
        "drug": drug,
        "source": source,
        "genes": sorted(text.partition("=")[0] for text in lookups),
        "guidance_id": number,
        "lookup": ";".join(lookups),
    }


def shown(rows):
    named = [r["model"].partition(": ")[2] or r["model"] for r in rows]
    ends = [(r["value"], r["low"], r["high"], r["unit"], bool(r["refused"])) for r in rows]
    return list(zip(named, ends, strict=True))


TIMES = guided.TIMES


@pytest.mark.parametrize(
    ("score", "value", "refused"),
    [("2.0", 1.0, False), ("1.5", 0.5, False), ("1.0", 0.5, False), ("0.5", None, True)],
)
@pytest.mark.parametrize("drug", ["capecitabine", "fluorouracil"])
def test_fluoropyrimidines_by_cpic(tables, keys, drug, score, value, refused):
    rows = guided.rows(drug, [advice(keys, "CPIC", drug, f"DPYD={score}")], {}, tables)
    assert shown(rows) == [("starting dose", (value, None, None, TIMES, refused))]


def test_fluoropyrimidines_are_avoided_without_activity(tables, keys):
    (none,) = guided.rows(
        "capecitabine", [advice(keys, "CPIC", "capecitabine", "DPYD=0.0")], {}, tables
    )
    assert none["refused"] == "the guideline says to avoid the medicine"
    assert none["notes"] == []
    (half,) = guided.rows(
        "capecitabine", [advice(keys, "CPIC", "capecitabine", "DPYD=0.5")], {}, tables
    )
    assert f"at most 0.25 {TIMES}" in half["notes"]


IM, NM, PM = "Intermediate Metabolizer", "Normal Metabolizer", "Poor Metabolizer"


@pytest.mark.parametrize(
    ("drug", "tpmt", "nudt15", "low", "high"),
    [
        ("azathioprine", IM, NM, 0.3, 0.8),
        ("mercaptopurine", IM, NM, 0.3, 0.8),
        ("mercaptopurine", NM, IM, 0.3, 0.8),
        ("mercaptopurine", IM, IM, 0.3, 0.8),
        ("thioguanine", IM, NM, 0.5, 0.8),
        ("mercaptopurine", NM, NM, 1.0, 1.0),
        ("azathioprine", PM, NM, 0.1, 0.1),
        ("thioguanine", NM, PM, 0.25, 0.25),
    ],
)
def test_thiopurines_by_cpic(tables, keys, drug, tpmt, nudt15, low, high):
    found = advice(keys, "CPIC", drug, f"TPMT={tpmt}", f"NUDT15={nudt15}")
    first = guided.rows(drug, [found], {}, tables)[0]
    ends = (first["value"], first["low"], first["high"])
    assert ends == ((low, None, None) if low == high else (None, low, high))
    assert first["unit"] == TIMES


def test_two_intermediate_genes_are_told(tables, keys):
    found = advice(keys, "CPIC", "mercaptopurine", f"TPMT={IM}", f"NUDT15={IM}")
    notes = guided.rows("mercaptopurine", [found], {}, tables)[0]["notes"]
    assert "a further reduction may be needed" in "; ".join(notes)


def test_a_dose_a_day_by_weight_or_surface(tables, keys):
    person = {"weight_kg": "75", "height_cm": "170"}
    pair = (f"TPMT={IM}", f"NUDT15={NM}")
    rows = guided.rows(
        "mercaptopurine", [advice(keys, "CPIC", "mercaptopurine", *pair)], person, tables
    )
    # 22.5 and 60 mg/m2/day on 1.8636 m2.
    assert shown(rows)[1] == ("starting dose a day", (None, 41.9, 111.8, "mg/day", False))
    assert "body_surface_m2=1.864" in rows[1]["inputs"]
    rows = guided.rows(
        "azathioprine", [advice(keys, "CPIC", "azathioprine", *pair)], person, tables
    )
    assert shown(rows)[1] == ("starting dose a day", (None, 45.0, 180.0, "mg/day", False))
    rows = guided.rows("azathioprine", [advice(keys, "CPIC", "azathioprine", *pair)], {}, tables)
    assert shown(rows)[1] == ("starting dose a day", (None, 0.6, 2.4, "mg/kg/day", False))
    assert "weight_kg not given: not turned into mg/day" in rows[1]["notes"]


def test_tacrolimus_has_a_highest_dose(tables, keys):
    found = advice(keys, "CPIC", "tacrolimus", f"CYP3A5={IM}")
    rows = guided.rows("tacrolimus", [found], {"weight_kg": "70"}, tables)
    assert shown(rows) == [
        ("starting dose", (None, 1.5, 2.0, TIMES, False)),
        ("highest starting dose", (None, None, 21.0, "mg/day", False)),
    ]
    poor = advice(keys, "CPIC", "tacrolimus", f"CYP3A5={PM}")
    assert shown(guided.rows("tacrolimus", [poor], {}, tables)) == [
        ("starting dose", (1.0, None, None, TIMES, False))
    ]


def test_sources_stand_beside_each_other(tables, keys):
    found = [
        advice(keys, "CPIC", "tacrolimus", f"CYP3A5={NM}"),
        advice(keys, "DPWG", "tacrolimus", f"CYP3A5={NM}"),
    ]
    rows = guided.rows("tacrolimus", found, {}, tables)
    assert [(r["model"], r["value"], r["high"]) for r in rows] == [
        ("CPIC by CYP3A5: starting dose", None, 2.0),
        ("CPIC by CYP3A5: highest starting dose", None, 0.3),
        ("DPWG by CYP3A5: starting dose", 2.5, None),
    ]


def test_phenotypes_that_lead_to_different_doses_are_refused(tables, keys):
    found = [advice(keys, "CPIC", "tacrolimus", f"CYP3A5={name}") for name in (NM, PM)]
    (row,) = guided.rows("tacrolimus", found, {}, tables)
    assert row["refused"] == (
        "phenotypes that cannot be told apart lead to different doses: "
        "CYP3A5=Normal Metabolizer: 1.5 to 2 times the normal starting dose, at most "
        "0.3 mg/kg/day; CYP3A5=Poor Metabolizer: 1 times the normal starting dose"
    )
    same = [advice(keys, "CPIC", "tacrolimus", f"CYP3A5={name}") for name in (NM, IM)]
    assert guided.rows("tacrolimus", same, {}, tables)[0]["high"] == 2.0


def test_a_medicine_without_a_result_is_refused_and_not_left_out(tables):
    (row,) = guided.rows("tacrolimus", [], {}, tables)
    assert row["refused"] == "no guidance with a figure matched the results"


def _phenotype(gene, *alleles):
    pair = [*alleles, None, None][:2]
    return {
        "sample_id": "S1",
        "gene": gene,
        "allele_1": pair[0],
        "allele_2": pair[1],
        "posterior": None,
    }


def _calculated(tables, drugs, clinical=(), phenotypes=None, recommendations=()):
    samples = [{"sample_id": "S1", "subject_id": "P1"}, {"sample_id": "S2", "subject_id": "P2"}]
    phenotypes = [_phenotype("CYP3A5")] if phenotypes is None else phenotypes
    rows = calculate.calculate(
        samples,
        {"S1": drugs, "S2": drugs},
        [{"subject_id": "P1", "item": item, "value": value} for item, value in clinical],
        phenotypes,
        recommendations,
        tables,
    )
    run_tables.to_arrow(schemas.DOSES, rows)
    return {(row["sample_id"], row["drug"], row["model"]): row for row in rows}


def test_doses_are_calculated_for_the_medicines_taken(tables):
    clinical = [
        ("age_years", "65"),
        ("height_cm", "170"),
        ("weight_kg", "75"),
        ("target_inr", "2.5"),
        ("race", "white"),
    ]
    phenotypes = [
        _phenotype("VKORC1", "rs9923231 reference (C)", "rs9923231 variant (T)"),
        _phenotype("CYP2C9", "*1", "*3"),
    ]
    found = _calculated(tables, ["warfarin", "amiodarone", "codeine"], clinical, phenotypes)
    assert found["S1", "warfarin", "iwpc_pharmacogenetic"]["value"] == pytest.approx(
        16.99, abs=0.01
    )
    refused = found["S1", "warfarin", "gage_pharmacogenetic"]["refused"]
    assert refused == "smoker is not given; venous_thrombosis is not given"
    induced = _calculated(tables, ["warfarin", "rifampin"], clinical, phenotypes)
    value = induced["S1", "warfarin", "iwpc_pharmacogenetic"]["value"]
    assert value == pytest.approx(34.26, abs=0.01)
    # The genes of S2 were not looked at, as without consent: it has no row.
    assert {sample for sample, _, _ in found} == {"S1"}
    assert _calculated(tables, ["codeine"]) == {}


def test_a_model_table_must_hold_its_columns(repository, tmp_path):
    files = list((repository / "resources" / "dose_models").glob("*.tsv"))
    broken = tmp_path / "warfarin.tsv"
    broken.write_text("model\tterm\tvalue\nx\ty\t1\n", encoding="utf-8")
    others = [file for file in files if file.name != "warfarin.tsv"]
    with pytest.raises(ResourceError, match=r"warfarin\.tsv, row 1"):
        models.load([*others, broken])


def test_every_figure_is_of_a_recommendation_of_the_knowledge(repository, tables):
    with (repository / "resources" / "knowledge" / "guidance.tsv").open(encoding="utf-8") as stream:
        known = {(r["guidance_id"], r["drug"]): r for r in csv.DictReader(stream, delimiter="\t")}
    assert set(tables.guidance) <= set(known)
    for pair, doses in tables.guidance.items():
        for dose in doses:
            assert dose.source.startswith(known[pair]["source"])
            assert (dose.daily_low, dose.daily_high, dose.maximum) == (None, None, None) or (
                dose.daily_unit or dose.maximum_unit
            )
            told = known[pair]["dose_change"]
            if "% of the" in told and dose.avoid == "no" and dose.low:
                ends = "–".join(f"{100 * end:g}" for end in dict.fromkeys((dose.low, dose.high)))
                assert told.startswith(f"{ends} % of the"), pair
                assert told.removeprefix(f"{ends} % of the ") in dose.basis, pair


def test_a_group_that_lacks_a_recommendation_gives_no_dose(tables, keys):
    found = {
        **advice(keys, "CPIC", "tacrolimus", f"CYP3A5={NM}"),
        "phenotypes": [f"CYP3A5 {NM}"],
        "posterior": 0.8,
    }
    genes = {
        "CYP3A5": [
            _possible(NM, 1, ("*1", "*1"), posterior=0.8),
            _possible("Indeterminate", 2, ("*1", "*8"), posterior=0.2),
        ]
    }
    (row,) = guided.rows("tacrolimus", [found], {}, tables, genes)
    assert row["refused"].endswith("CYP3A5 Indeterminate: no recommendation")
    assert "CYP3A5=Normal Metabolizer (posterior 0.8): 1.5 to 2 times" in row["refused"]
    (first, _) = guided.rows("tacrolimus", [found], {}, tables, {"CYP3A5": genes["CYP3A5"][:1]})
    assert (first["low"], first["high"]) == (1.5, 2.0)
    assert "posterior=0.8" in first["inputs"]


def _possible(phenotype, rank, alleles, **more):
    return {
        "gene": "CYP3A5",
        "rank": rank,
        "phenotype": phenotype,
        "lookup_key": phenotype,
        "lookup_diplotype": "/".join(alleles),
        "allele_1": alleles[0],
        "allele_2": alleles[1],
        **more,
    }


@pytest.mark.parametrize(
    ("drug", "lookups", "clinical", "model", "ends"),
    [
        (
            "atorvastatin",
            ("SLCO1B1=Decreased Function",),
            {},
            "highest starting dose",
            (40.0, "mg"),
        ),
        ("atorvastatin", ("SLCO1B1=Poor Function",), {}, "highest starting dose", (20.0, "mg")),
        (
            "rosuvastatin",
            ("ABCG2=Poor Function", "SLCO1B1=Poor Function"),
            {},
            "highest starting dose",
            (10.0, "mg"),
        ),
        (
            "efavirenz",
            (f"CYP2B6={IM}",),
            {"weight_kg": "60"},
            "starting dose a day",
            (400.0, "mg/day"),
        ),
    ],
)
def test_amounts_by_cpic(tables, keys, drug, lookups, clinical, model, ends):
    (row,) = guided.rows(drug, [advice(keys, "CPIC", drug, *lookups)], clinical, tables)
    assert row["refused"] is None
    assert row["model"].endswith(f": {model}")
    assert (row["value"] or row["high"], row["unit"]) == ends


def test_an_amount_is_refused_outside_its_range(tables, keys):
    found = advice(keys, "CPIC", "efavirenz", f"CYP2B6={IM}")
    (light,) = guided.rows("efavirenz", [found], {"weight_kg": "40"}, tables)
    assert light["refused"] == "weight_kg 40 is outside the range of the guideline: weight_kg >40"
    (unknown,) = guided.rows("efavirenz", [found], {}, tables)
    assert unknown["refused"] == "weight_kg not given, and the dose needs it"


@pytest.mark.parametrize(
    ("age", "high"), [("40", 30.0), ("64.9", 30.0), ("65", 15.0), ("17", None)]
)
def test_a_highest_dose_by_age(tables, keys, age, high):
    found = advice(keys, "DPWG", "citalopram", f"CYP2C19={IM}")
    (row,) = guided.rows("citalopram", [found], {"age_years": age}, tables)
    assert row["high"] == high
    assert (row["refused"] is None) == (high is not None)
    assert row["model"].endswith("highest dose" if high else ": dose")


def test_another_medicine_is_no_dose(tables, keys):
    found = advice(keys, "CPIC", "simvastatin", "SLCO1B1=Decreased Function")
    (row,) = guided.rows("simvastatin", [found], {}, tables)
    assert row["refused"] == "the guideline prefers another medicine"
    assert row["notes"] == ["below 20 mg/day where it is taken all the same"]


def test_populations_and_the_medicines_taken_stand_apart(tables, keys):
    rows = [
        {**advice(keys, "DPWG", "nortriptyline", "CYP2D6=2.0"), "by_clinical_phenotype": False},
        {**advice(keys, "DPWG", "nortriptyline", "CYP2D6=0.0"), "by_clinical_phenotype": True},
    ]
    (clinical,) = guided.rows("nortriptyline", rows, {}, tables)
    assert clinical["model"] == "DPWG by CYP2D6 with the medicines taken: dose"
    assert (clinical["value"], clinical["unit"]) == (0.4, "times the normal dose")
