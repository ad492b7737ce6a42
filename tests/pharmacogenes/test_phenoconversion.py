from __future__ import annotations

import pytest

from apothecary import schemas, tables
from apothecary.errors import ResourceError
from apothecary.pharmacogenes import interactions, phenoconversion, recommendations

PM, IM = "Poor Metabolizer", "Intermediate Metabolizer"
NM, UM = "Normal Metabolizer", "Ultrarapid Metabolizer"
SCORES = {"0.0": PM, "0.25": IM, "0.5": IM, "1.0": IM, "1.25": NM, "2.0": NM, "≥3.0": UM}


@pytest.fixture(scope="module")
def effects(repository):
    resources = repository / "resources"
    return phenoconversion.load(
        resources / "phenoconversion.tsv", resources / "activity_scores.tsv"
    )


@pytest.mark.parametrize(
    ("score", "drugs", "converted", "phenotype"),
    [
        ("2.0", ["paroxetine"], "0.0", PM),
        ("2.0", ["duloxetine"], "1.0", IM),
        ("1.0", ["mirabegron"], "0.5", IM),
        ("3.0", ["duloxetine"], "1.5", NM),
        ("0.0", ["paroxetine"], "0.0", PM),
        ("0.0", ["duloxetine"], "0.0", PM),
        ("0.25", ["duloxetine"], "0.125", IM),
        ("2.25", ["duloxetine"], "1.125", IM),
        ("2.5", ["duloxetine"], "1.25", NM),
        ("4.0", ["abiraterone"], "2.0", NM),
        ("2.0", ["rolapitant"], "1.0", IM),
        ("2.0", ["duloxetine", "paroxetine"], "0.0", PM),
        ("≥3.0", ["quinidine"], "0.0", PM),
        ("≥6.0", ["cinacalcet"], "≥3.0", UM),
        (None, ["terbinafine"], "0.0", PM),
    ],
)
def test_cyp2d6_goes_by_the_activity_score(effects, score, drugs, converted, phenotype):
    found = phenoconversion.convert("CYP2D6", score, None, drugs, effects)
    assert (found.score, found.phenotype) == (converted, phenotype)


@pytest.mark.parametrize("drug", ["bupropion", "fluoxetine", "paroxetine", "quinidine"])
def test_strong_inhibitors_leave_no_activity(effects, drug):
    found = phenoconversion.convert("CYP2D6", "2.0", NM, [drug], effects)
    assert (found.phenotype, found.by) == (PM, (drug,))


def test_two_moderate_inhibitors_count_once_with_a_warning(effects):
    found = phenoconversion.convert("CYP2D6", "2.0", NM, ["mirabegron", "duloxetine"], effects)
    assert (found.score, found.by) == ("1.0", ("duloxetine", "mirabegron"))
    assert "WARNING: several moderate inhibitors were counted once" in found.reason
    single = phenoconversion.convert("CYP2D6", "2.0", NM, ["duloxetine"], effects)
    assert "WARNING" not in single.reason


@pytest.mark.parametrize(
    ("gene", "drugs"),
    [
        ("CYP2D6", []),
        ("CYP2D6", ["sertraline"]),
        ("CYP2D6", ["moclobemide"]),
        ("CYP2D6", ["omeprazole", "codeine"]),
        ("CYP2C19", ["fluvoxamine"]),
        ("CYP3A4", ["ketoconazole"]),
    ],
)
def test_what_no_source_gives_a_factor_for_converts_nothing(effects, gene, drugs):
    assert phenoconversion.convert(gene, "2.0", NM, drugs, effects) is None


@pytest.mark.parametrize(
    ("phenotype", "converted"), [(PM, PM), (IM, IM), (NM, IM), (UM, None), ("Indeterminate", None)]
)
def test_a_phenotype_without_a_score_is_converted_where_all_its_scores_agree(
    effects, phenotype, converted
):
    found = phenoconversion.convert("CYP2D6", None, phenotype, ["duloxetine"], effects)
    assert found.phenotype == converted


def test_a_score_that_is_at_least_something_is_told_only_where_it_is_sure(effects):
    found = phenoconversion.convert("CYP2D6", "≥3.0", UM, ["duloxetine"], effects)
    assert (found.phenotype, found.score) == (None, "≥1.5")
    assert "cannot be told" in found.reason


def _row(score="1.0", phenotype=IM, **more):
    return {
        "sample_id": "S1",
        "gene": "CYP2D6",
        "rank": 1,
        "lookup_diplotype": "*1/*4",
        "allele_1": "*1",
        "allele_2": "*4",
        "activity_score": score,
        "phenotype": phenotype,
        "lookup_key": score,
        "method": "compatible",
        "converted_phenotype": None,
        "converted_by": [],
        **more,
    }


def _applied(effects, row, *drugs):
    (made,) = phenoconversion.apply([row], {"S1": drugs}, effects, {"CYP2D6": SCORES})
    tables.to_arrow(schemas.PHENOTYPES, [made])
    return made


def test_the_table_keeps_the_genetic_and_the_clinical_phenotype(effects):
    made = _applied(effects, _row(), "paroxetine")
    assert (made["phenotype"], made["converted_phenotype"]) == (IM, PM)
    assert (made["activity_score"], made["converted_activity_score"]) == ("1.0", "0.0")
    assert (made["converted_by"], made["converted_lookup_key"]) == (["paroxetine"], "0.0")
    untouched = _applied(effects, _row())
    assert untouched["converted_phenotype"] is None
    assert "conversion_reason" not in untouched


def test_a_score_of_zero_by_the_genes_is_left_and_the_reason_told(effects):
    made = _applied(effects, _row("0.0", PM), "paroxetine")
    assert made["converted_phenotype"] is None
    assert made["conversion_reason"].endswith("it is 0 by the genes already")


def test_a_gene_without_a_call_is_converted_by_a_strong_inhibitor_alone(effects):
    missing = _row(None, "No Result", allele_1=None, allele_2=None, lookup_key=None)
    assert _applied(effects, missing, "paroxetine")["converted_phenotype"] == PM
    moderate = _applied(effects, missing, "duloxetine")
    assert moderate["converted_phenotype"] is None
    assert moderate["conversion_reason"].endswith("the score of the genes is not known")


def test_a_score_that_guidance_lacks_is_looked_up_by_the_nearest_below_of_its_phenotype(effects):
    made = _applied(effects, _row("2.25", NM), "duloxetine")
    assert (made["converted_activity_score"], made["converted_lookup_key"]) == ("1.125", "1.0")
    assert "guidance has no entry for 1.125: it is looked up by 1.0" in made["conversion_reason"]
    lowest = _applied(effects, _row("0.25"), "duloxetine")
    assert (lowest["converted_activity_score"], lowest["converted_lookup_key"]) == ("0.125", "0.25")


class _Pack:
    def __init__(self, *drugs):
        base = {"source": "CPIC", "guideline_id": "G", "guideline_version": "1", "link": "x"}
        flags = {"dosing_information": False, "alternate_drug": False, "other_guidance": False}
        self._guidance, self._keys = [], []
        for drug in drugs:
            for key, action in (("1.0", "standard_dosing"), ("0.0", "avoid")):
                one = {"guidance_id": f"{drug}{key}", "drug": drug}
                row = {**base, **flags, **one, "genes": ["CYP2D6"], "action": action}
                more = {"population": None, "strength": None, "dose_change": None}
                self._guidance.append({**row, **more, "source_id": "s"})
                self._keys.append(
                    {**one, "gene": "CYP2D6", "key": key, "key_kind": "value", "allele_count": None}
                )

    def rows(self, table):
        return {
            "guidance": self._guidance,
            "guidance_keys": self._keys,
            "guidance_text": [],
            "sources": [{"source_id": "s", "licence": "CC0-1.0"}],
        }[table]


def test_guidance_is_looked_up_by_both_phenotypes_and_marked(effects):
    made = _applied(effects, _row(), "paroxetine", "codeine")
    rows = recommendations.match(
        [made], _Pack("codeine", "paroxetine"), {"S1": ["codeine", "paroxetine"]}
    )
    tables.to_arrow(schemas.RECOMMENDATIONS, rows)
    shown = [(r["drug"], r["rank"], r["action"], r["by_clinical_phenotype"]) for r in rows]
    # Guidance for paroxetine knows that paroxetine inhibits: it does not convert for itself.
    assert shown == [
        ("codeine", 1, "standard_dosing", False),
        ("codeine", 2, "avoid", True),
        ("paroxetine", 1, "standard_dosing", False),
    ]
    assert rows[1]["phenotypes"] == [f"CYP2D6 {PM} with paroxetine"]
    assert rows[1]["lookup"] == "CYP2D6=0.0"


def test_guidance_for_a_gene_without_a_call_is_by_the_clinical_phenotype_alone(effects):
    missing = _row(None, "No Result", allele_1=None, allele_2=None, lookup_key=None)
    missing["lookup_diplotype"] = None
    rows = recommendations.match([_applied(effects, missing, "paroxetine")], _Pack("codeine"))
    assert [(r["action"], r["by_clinical_phenotype"], r["rank"]) for r in rows] == [
        ("avoid", True, 1)
    ]


def test_a_guideline_of_another_gene_is_not_told_twice(effects):
    pack = _Pack("codeine")
    other = {"guidance_id": "other", "drug": "codeine"}
    pack._guidance.append({**pack._guidance[0], **other, "guideline_id": "H", "genes": ["CYP2C19"]})
    pack._keys.append({**pack._keys[0], **other, "gene": "CYP2C19", "key": PM})
    second = {**_row(None, PM), "gene": "CYP2C19", "lookup_key": PM}
    rows = recommendations.match([_applied(effects, _row(), "paroxetine"), second], pack)
    assert [(r["guidance_id"], r["rank"], r["by_clinical_phenotype"]) for r in rows] == [
        ("codeine1.0", 1, False),
        ("other", 2, False),
        ("codeine0.0", 3, True),
    ]


def _found(effects, phenotypes, drugs, smoking=()):
    guided = interactions.guided_by(_Pack("codeine", "paroxetine"))
    guided["omeprazole"] = frozenset({"CYP2C19"})
    rows = interactions.find(phenotypes, {"S1": drugs}, frozenset(smoking), effects, guided)
    tables.to_arrow(schemas.INTERACTIONS, rows)
    return {(r["drug"], r["enzyme"], r["by"]): r for r in rows}


def test_conflicts_are_those_of_two_medicines_taken(effects):
    drugs = ["codeine", "paroxetine"]
    found = _found(effects, [_applied(effects, _row(), *drugs)], drugs)
    assert list(found) == [("codeine", "CYP2D6", "paroxetine")]
    row = found["codeine", "CYP2D6", "paroxetine"]
    assert (row["genetic_phenotype"], row["clinical_phenotype"]) == (IM, PM)
    assert row["source"].startswith("UF Health")
    assert _found(effects, [_row()], ["paroxetine"]) == {}
    assert _found(effects, [_row()], ["codeine"]) == {}


def test_enzymes_without_factors_are_told_and_not_converted(effects):
    drugs = ["fluvoxamine", "omeprazole", "simvastatin", "clarithromycin"]
    found = _found(effects, [_row()], drugs)
    strong = found["omeprazole", "CYP2C19", "fluvoxamine"]
    assert (strong["strength"], strong["clinical_phenotype"]) == ("strong", None)
    assert "no source at hand gives a factor" in strong["reason"]
    # A substrate by a source, though no guidance looks at CYP3A for it.
    assert ("simvastatin", "CYP3A", "clarithromycin") in found


def test_a_weak_inhibitor_is_told_to_change_nothing(effects):
    found = _found(effects, [_row()], ["codeine", "sertraline"])
    assert "changes no phenotype" in found["codeine", "CYP2D6", "sertraline"]["reason"]


def test_smoking_counts_as_an_inducer_of_cyp1a2(effects):
    assert _found(effects, [_row()], ["clozapine"]) == {}
    found = _found(effects, [_row()], ["clozapine"], smoking=["S1"])
    row = found["clozapine", "CYP1A2", "tobacco smoke"]
    assert (row["effect"], row["strength"]) == ("inducer", "moderate")
    clinical = [{"subject_id": "P", "item": "smoker", "value": value} for value in ("no", "yes")]
    samples = [{"sample_id": "S1", "subject_id": "P"}, {"sample_id": "S2", "subject_id": "Q"}]
    assert interactions.smokers(samples, clinical) == {"S1"}
    assert interactions.smokers(samples, clinical[:1]) == frozenset()


def test_a_person_whose_genes_were_not_looked_at_has_no_conflicts(effects):
    assert _found(effects, [], ["codeine", "paroxetine"]) == {}


def test_an_effect_of_no_known_kind_is_refused(tmp_path, repository):
    classes = repository / "resources" / "activity_scores.tsv"
    file = tmp_path / "effects.tsv"
    columns = "\t".join(phenoconversion.EFFECT_COLUMNS)
    file.write_text(f"{columns}\nCYP2D6\tx\tinhibiter\tstrong\t0\t\ts\n", encoding="utf-8")
    with pytest.raises(ResourceError, match="row 2: 'inhibiter', 'strong'"):
        phenoconversion.load(file, classes)


@pytest.mark.parametrize("enzyme", ["CYP1A2", "CYP2C9", "CYP2C19", "CYP3A"])
def test_enzymes_without_factors_have_inhibitors_and_inducers_with_strength(effects, enzyme):
    found = [e for e in effects.effects if e.enzyme == enzyme]
    for effect in ("inhibitor", "inducer"):
        strengths = {e.strength for e in found if e.effect == effect}
        assert strengths & {"strong", "moderate", "weak"}, (enzyme, effect)
    assert {e.factor for e in found} == {None}
    assert all(e.source for e in found)


def test_an_effect_is_told_once_for_each_medicine_and_enzyme(effects):
    pairs = [(e.enzyme, e.drug, e.effect) for e in effects.effects]
    assert len(pairs) == len(set(pairs))
