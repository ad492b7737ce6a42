"""Patients against trials: met, unmet and unknown, and what each answer rests on."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trial_builders import copies, ctml, diagnoses, fusion, patient, study, terms, variant

from apothecary.errors import Problem
from apothecary.oncogenes.findings import COPY_NUMBER, FUSION, VARIANT
from apothecary.oncogenes.matching import NO, UNKNOWN, YES
from apothecary.trials import clinical, clinical_trials_gov, genomic, match
from apothecary.trials import ctml as ctml_form
from apothecary.trials.criteria import Group

V600E = variant("BRAF", "V600E")
ALL_NEGATIVE = {
    "negative": frozenset({VARIANT, COPY_NUMBER, FUSION}),
    "given": frozenset({VARIANT, COPY_NUMBER, FUSION}),
}
WILDCARD = {
    "hugo_symbol": "BRAF",
    "variant_category": "Mutation",
    "wildcard_protein_change": "p.V600",
}


def judged(fields, who):
    return genomic.judge(fields, who, terms())


def answer(document, who):
    problems: list[Problem] = []
    form = clinical_trials_gov if clinical_trials_gov.is_trial(document) else ctml_form
    trial = form.read(document, "a.json", problems)
    assert not problems
    rows, ledger = match.match([trial], [who], diagnoses(), terms())
    return rows[0], ledger


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("V600E", YES),
        ("V600K", YES),
        ("V600R", YES),
        ("V60E", UNKNOWN),
        ("V600_K601delinsE", UNKNOWN),
        ("G469A", UNKNOWN),
    ],
)
def test_a_wildcard_is_any_substitution_of_the_residue(change, value):
    assert judged(WILDCARD, patient(variant("BRAF", change))).value == value


@pytest.mark.parametrize(
    ("fields", "findings", "found", "absent"),
    [
        (WILDCARD, [V600E], YES, NO),
        ({**WILDCARD, "variant_category": "!Mutation"}, [V600E], NO, YES),
        ({"hugo_symbol": "BRAF", "protein_change": "p.V600E"}, [V600E], YES, NO),
        ({"hugo_symbol": "BRAF", "protein_change": "!p.V600E"}, [V600E], NO, YES),
        (
            {"hugo_symbol": "EGFR", "variant_classification": "In_Frame_Del", "exon": "19"},
            [variant("EGFR", "E746_A750del", "inframe_deletion", exon=19)],
            YES,
            NO,
        ),
        (
            {"hugo_symbol": "ERBB2", "variant_category": "CNV", "cnv_call": "High Amplification"},
            [copies("ERBB2", "amplification")],
            YES,
            NO,
        ),
        (
            {
                "hugo_symbol": "ALK",
                "variant_category": "Structural Variation",
                "fusion_partner_hugo_symbol": "EML4",
            },
            [fusion("EML4", "ALK")],
            YES,
            NO,
        ),
        (
            {"hugo_symbol": "any_gene", "fusion_partner_hugo_symbol": "ALK"},
            [fusion("EML4", "ALK")],
            YES,
            NO,
        ),
        (
            {"hugo_symbol": "KRAS", "variant_category": "Any Variation"},
            [copies("KRAS", "gain")],
            YES,
            NO,
        ),
    ],
)
def test_what_is_found_what_is_absent_and_what_nobody_looked_for(fields, findings, found, absent):
    assert judged(fields, patient(*findings)).value == found
    assert judged(fields, patient()).value == UNKNOWN
    assert judged(fields, patient(**ALL_NEGATIVE)).value == absent


def test_a_known_copy_number_answers_without_a_setting():
    asked = {"hugo_symbol": "ERBB2", "cnv_call": "High Amplification"}
    assert judged(asked, patient(copies("ERBB2", "neutral"))).value == NO


def test_a_copy_number_is_absent_only_where_the_input_tells_of_copy_number():
    who = patient(negative=frozenset({VARIANT}), given=frozenset({VARIANT}))
    asked = {"hugo_symbol": "ERBB2", "cnv_call": "Homozygous Deletion"}
    verdict = judged(asked, who)
    assert (verdict.value, verdict.reason) == (
        UNKNOWN,
        "nothing of the input tells of the copy number of ERBB2",
    )


def test_a_variant_that_failed_a_filter_is_neither_met_nor_absent():
    failed = dataclasses.replace(V600E, failed="depth 8 is below 100")
    verdict = judged(WILDCARD, patient(failed, **ALL_NEGATIVE))
    assert verdict.value == UNKNOWN
    assert "present but failed" in verdict.reason


def test_a_variant_that_nothing_names_may_be_it():
    unnamed = dataclasses.replace(V600E, names=())
    assert judged(WILDCARD, patient(unnamed, **ALL_NEGATIVE)).value == UNKNOWN


def test_reads_that_were_searched_in_vain_answer_no_with_the_limit():
    who = patient(not_found={("BRAF", "V600E"): 0.02, ("BRAF", "V600K"): 0.03})
    verdict = judged(WILDCARD, who)
    assert verdict.value == NO
    assert "0.03" in verdict.reason
    asked = {"hugo_symbol": "BRAF", "protein_change": "p.V600R"}
    assert judged(asked, who).value == UNKNOWN
    assert judged({"hugo_symbol": "BRAF"}, who).value == UNKNOWN


def test_markers_are_those_of_the_clinical_sheet():
    who = patient(clinical={"ms_status": "MSI-H", "tmb_per_megabase": "15"})
    assert judged({"ms_status": "MSI-H"}, who).value == YES
    assert judged({"ms_status": "!MSI-H"}, who).value == NO
    assert judged({"hugo_symbol": "None", "uva_signature": "Yes"}, who).value == UNKNOWN
    assert clinical.judge("tmb_numerical", ">=10", who, diagnoses()).value == YES
    assert clinical.judge("tmb_numerical", ">15", who, diagnoses()).value == NO


def test_a_field_that_is_not_known_makes_the_criterion_unknown():
    assert judged({**WILDCARD, "allele_fraction": ">0.2"}, patient(V600E)).value == UNKNOWN
    assert clinical.judge("favourite_colour", "red", patient(), diagnoses()).value == UNKNOWN


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (">=18", YES), (">=58", YES), (">=59", NO), (">58", UNKNOWN), (">57", YES), ("<58", NO),
        ("<59", YES), ("<=58", UNKNOWN), ("<=59", YES), ("<=57", NO), ("==58", YES), ("==57", NO),
        ("<58.5", UNKNOWN), ("old", UNKNOWN),
    ],
)  # fmt: skip
def test_an_age_in_full_years_tells_what_it_can(asked, value):
    assert clinical.judge("age_numerical", asked, patient(), diagnoses()).value == value


@given(st.integers(0, 120), st.integers(0, 120), st.sampled_from([">=", "<", ">", "<="]))
def test_an_age_is_decided_only_when_every_day_of_the_year_agrees(years, bound, sign):
    who = patient(clinical={"age_years": str(years)})
    value = clinical.judge("age_numerical", f"{sign}{bound}", who, diagnoses()).value
    compare = clinical._OPERATORS[sign]
    days = {compare(years + day / 366, bound) for day in range(366)}
    expected = YES if days == {True} else NO if days == {False} else UNKNOWN
    assert value == expected


@pytest.mark.parametrize(
    ("asked", "code", "value"),
    [
        ("Lung Adenocarcinoma", "LUAD", YES),
        ("Non-Small Cell Lung Cancer", "LUAD", YES),
        ("LUAD", "LUAD", YES),
        ("Lung", "LUAD", YES),
        ("Lung Adenocarcinoma", "NSCLC", UNKNOWN),
        ("Non-Small Cell Lung Cancer", "NEWLU", UNKNOWN),
        ("Lung Adenocarcinoma", "COAD", NO),
        ("Colorectal Cancer", "COAD", YES),
        ("Bowel cancer", "COAD", YES),
        ("Bowel cancer", "LUAD", NO),
        ("_SOLID_", "COAD", YES),
        ("_LIQUID_", "COAD", NO),
        ("_LIQUID_", "AML", YES),
        ("Something Else", "LUAD", UNKNOWN),
        ("Lung", "", UNKNOWN),
    ],
)
def test_a_diagnosis_covers_what_stands_below_it(asked, code, value):
    who = patient(tumor_type=code)
    assert clinical.judge("oncotree_primary_diagnosis", asked, who, diagnoses()).value == value


def test_a_trial_is_met_when_all_is_met_and_tells_by_what():
    document = ctml(
        {
            "and": [
                {"genomic": WILDCARD},
                {"clinical": {"age_numerical": ">=18", "gender": "Female"}},
            ]
        }
    )
    row, ledger = answer(document, patient(V600E))
    assert row["status"] == "met"
    assert row["matched_by"] == ["BRAF:V600E", "age_years", "sex"]
    assert (row["unmet"], row["unknown"]) == ([], [])
    assert [entry["status"] for entry in ledger] == ["met", "met", "met"]


def test_what_is_unmet_decides_even_where_something_is_unknown():
    document = ctml({"genomic": WILDCARD}, {"clinical": {"age_numerical": "<18"}})
    row, ledger = answer(document, patient())
    assert row["status"] == "unmet"
    assert row["unmet"] == ["age numerical <18: 58 years old"]
    assert row["unknown"] == []
    assert [(e["status"], e["decisive"]) for e in ledger] == [("unknown", False), ("unmet", True)]


def test_an_or_rests_on_what_is_met():
    egfr = {"genomic": {"hugo_symbol": "EGFR", "variant_category": "Mutation"}}
    row, _ = answer(ctml({"or": [egfr, {"genomic": WILDCARD}]}), patient(V600E))
    assert row["status"] == "met"
    assert (len(row["met"]), row["unknown"]) == (1, [])


def test_a_not_turns_its_group_round():
    row, _ = answer(ctml({"not": [{"genomic": WILDCARD}]}), patient(V600E))
    assert row["status"] == "unmet"
    row, _ = answer(ctml({"not": [{"genomic": WILDCARD}]}), patient(**ALL_NEGATIVE))
    assert row["status"] == "met"


def test_the_words_of_a_study_are_never_met():
    row, _ = answer(study(minimumAge="18 Years"), patient(clinical={"age_years": "58"}))
    assert row["status"] == "unknown"
    assert len(row["met"]) == 2
    assert row["unknown"] == ["eligibility criteria in words (2 lines), to be read: words that a "
                              "person must read"]  # fmt: skip
    row, _ = answer(study(minimumAge="70 Years"), patient())
    assert row["status"] == "unmet"


def test_a_study_is_for_a_country_only_where_the_patient_names_one():
    document = study(countries=["Italy", "Spain"])
    row, _ = answer(document, patient(clinical={"country": "France"}))
    assert row["unmet"] == ["country: a site in one of 2 countries: no site in France"]
    row, _ = answer(document, patient())
    assert row["status"] == "unknown"


_VALUES = st.sampled_from([YES, NO, UNKNOWN])


@given(st.lists(_VALUES, min_size=1, max_size=5), st.sampled_from(["and", "or"]))
def test_unknown_answers_as_every_completion_would(values, operator):
    """An answer is yes or no only if filling in the unknown ones either way gives the same."""
    joined = match._joined(Group(operator, ()), values)

    def completed(unknown):
        truths = [unknown if v == UNKNOWN else v == YES for v in values]
        return all(truths) if operator == "and" else any(truths)

    either = {completed(True), completed(False)}
    assert joined == (YES if either == {True} else NO if either == {False} else UNKNOWN)


@pytest.mark.parametrize("more", [{}, {"germline": "Yes"}, {"zygosity": "Homozygous"}])
def test_a_gene_therapy_that_asks_for_a_germline_genotype_is_for_a_person_to_judge(more):
    document = ctml({"genomic": {"hugo_symbol": "RPE65", "variant_category": "Mutation", **more}})
    row, ledger = answer(document, patient(V600E))
    assert row["status"] == "unknown"
    assert [entry["matched_by"] for entry in ledger] == [[]]
