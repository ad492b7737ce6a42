"""The action of a recommendation: read when sure, else the reader is sent to the guideline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.knowledge.checks import ACTIONS
from apothecary.knowledge.importers.guidance_reading import Flags, Reading, plain_text, read_action

NONE = Flags(False, False, False)
DOSE = Flags(True, False, False)
OTHER_DRUG = Flags(False, True, False)
BOTH = Flags(True, True, False)
OTHER = Flags(False, False, True)


def read(text: str, flags: Flags, drug: str = "madeupine") -> Reading:
    return read_action(text, flags, [drug])


@pytest.mark.parametrize(
    ("text", "flags", "change"),
    [
        ("Use 65% of the standard dose.", DOSE, "65 %"),
        ("<p>use 20% of the standard initial dose.</p>", DOSE, "20 % of the starting dose"),
        ("Use 50% of the normal maintenance dose.", BOTH, "50 % of the maintenance dose"),
        ("Start with 70% of the normal dose", DOSE, "70 % of the starting dose"),
        ("Start with 6-7% of the standard dose.", DOSE, "6–7 % of the starting dose"),
        ("Reduce the dose to 30% of the standard dose, then test.", DOSE, "30 %"),
        ("Reduce starting dose by 50% and titrate.", DOSE, "50 % of the starting dose"),
        ("Reduce starting doses to 25% of normal dose.", BOTH, "25 % of the starting dose"),
        (
            "Consider a 25% reduction of recommended starting dose.",
            DOSE,
            "75 % of the starting dose",
        ),
        (
            "Consider a 25-50% lower starting dose or consider an alternative.",
            BOTH,
            "50–75 % of the starting dose",
        ),
        ("Increase starting daily dose by 100%.", DOSE, "200 % of the starting dose"),
        ("Increase starting daily dose by 50-100%.", DOSE, "150–200 % of the starting dose"),
        (
            "Increase starting dose 1.5 to 2 times recommended starting dose.",
            DOSE,
            "150–200 % of the starting dose",
        ),
        ("Use 1.7 times the standard dose and monitor.", BOTH, "170 %"),
        ("Increase the dose to 1.4 times the standard dose, monitor.", BOTH, "140 %"),
        ("Double the standard dose and monitor.", BOTH, "200 %"),
        ("Use half of the normal dose.", DOSE, "50 %"),
        (
            "Start with reduced starting doses (30%-80% of normal dose) if it is high.",
            DOSE,
            "30–80 % of the starting dose",
        ),
        ("Prescribe ≤20mg as a starting dose and adjust.", DOSE, "starting dose ≤ 20 mg"),
        (
            "Prescribe ≤20mg per day as a starting dose and adjust.",
            BOTH,
            "starting dose ≤ 20 mg/day",
        ),
        (
            "Initiate therapy with 25-50% of the lowest recommended starting dose.",
            BOTH,
            "25–50 % of the lowest starting dose",
        ),
        (
            "For first dose, use typical initial or loading dose. For subsequent doses use "
            "approximately 25% less than typical maintenance dose.",
            DOSE,
            "75 % of the maintenance dose",
        ),
        (
            "The loading dose does not need to be adjusted. For the other doses, use 40-50% of the "
            "standard dose.",
            Flags(True, False, True),
            "40–50 % of the maintenance dose",
        ),
        (
            "Do not exceed the following daily doses (50% of the standard maximum dose): adults",
            DOSE,
            "≤ 50 % of the maximum dose",
        ),
        ("Do not give doses exceeding 75 mg/day.", DOSE, "≤ 75 mg/day"),
        ("Use an initial dose that is 1.5x higher.", DOSE, None),
        ("Consider a lower starting dose and slower titration schedule.", DOSE, None),
        ("Start with 50% of the standard dose or avoid it.", BOTH, "50 % of the starting dose"),
    ],
)
def test_dose_changes(text, flags, change):
    assert read(text, flags) == Reading("change_dose", change)


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("Avoid", OTHER_DRUG),
        ("Avoid use", OTHER_DRUG),
        ("Avoid madeupine use because of possible harm. If needed, ask.", OTHER_DRUG),
        ("Avoid madeupine use. If madeupine is warranted, consider a 50% reduction.", BOTH),
        ("Avoid madeupine use; If madeupine is warranted, monitor.", BOTH),
        ("Madeupine is not recommended", OTHER_DRUG),
        ("Madeupine is contraindicated", OTHER_DRUG),
        ("Madeupine is contra-indicated for HLA-B*57:01-positive patients.", OTHER_DRUG),
        ("If patient is madeupine-naïve, do not use madeupine.", OTHER_DRUG),
        ("Avoid tricyclic use due to potential lack of efficacy.", BOTH),
        (
            "It is not possible to offer substantiated advice for dose adjustment based on the "
            "literature. Avoid madeupine.",
            OTHER_DRUG,
        ),
    ],
)
def test_avoiding(text, flags):
    assert read(text, flags) == Reading("avoid")


@pytest.mark.parametrize(
    ("text", "flags", "change"),
    [
        ("Choose an alternative.", OTHER_DRUG, None),
        ("Select alternative drug not predominantly metabolized by CYP9Z9.", OTHER_DRUG, None),
        ("Consider a clinically appropriate alternative antidepressant.", OTHER_DRUG, None),
        ("Prescribe an alternative statin (see Figure 1 of PMID: 1).", OTHER_DRUG, None),
        ("Avoid madeupine if possible. Use other at standard dose.", OTHER_DRUG, None),
        (
            "Choose an alternative or start with 10% of the standard dose.",
            Flags(True, True, True),
            "10 % of the starting dose",
        ),
    ],
)
def test_alternatives(text, flags, change):
    assert read(text, flags) == Reading("alternative", change)


@pytest.mark.parametrize(
    ("text", "flags", "action"),
    [
        ("Initiate therapy with recommended starting dose.", NONE, "standard_dosing"),
        (
            "Use madeupine label recommended age- or weight-specific dosing.",
            NONE,
            "standard_dosing",
        ),
        ("NO action is required for this gene-drug interaction.", NONE, "standard_dosing"),
        ("No reason to avoid based on G6PD status", NONE, "standard_dosing"),
        ("No recommendation due to lack of evidence", NONE, "no_recommendation"),
        ("n/a", NONE, "no_recommendation"),
        (
            "The guideline does not provide a recommendation for madeupine in normal metabolizers",
            NONE,
            "no_recommendation",
        ),
        ("Monitor the plasma concentration.", OTHER, "monitor"),
    ],
)
def test_standard_none_and_monitoring(text, flags, action):
    assert read(text, flags) == Reading(action)


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        # What is avoided is not the drug.
        ("Avoid moderate and strong CYP2D6 inhibitors. Initiate therapy.", OTHER_DRUG),
        ("Avoid moderate and strong CYP2D6 inhibitors. Initiate therapy.", OTHER),
        ("Avoid othermycin. Madeupine may be used.", OTHER_DRUG),
        # A negation, an exception or a choice.
        ("There is no need to avoid prescribing of madeupine.", OTHER),
        ("Avoid madeupine, except in the following cases.", OTHER_DRUG),
        ("Avoid madeupine or start with a low dose.", BOTH),
        ("Do not avoid madeupine.", OTHER_DRUG),
        # Conditions and several indications.
        ("If side effects occur, use 50% of the standard dose.", DOSE),
        ("IMMUNOSUPPRESSION: Start with 50% of the standard dose. LEUKAEMIA: 75%.", DOSE),
        ("Use 50% of the standard dose. OTHER INDICATIONS: use 30%.", DOSE),
        ("For malignancy, start with 10% of the standard dose.", DOSE),
        ("STROKE or TIA: avoid madeupine.", OTHER_DRUG),
        # The flags do not agree with the words.
        ("Use 65% of the standard dose.", NONE),
        ("Avoid madeupine.", NONE),
        ("Choose an alternative.", DOSE),
        ("Initiate therapy with recommended starting dose.", DOSE),
        ("No recommendation", OTHER_DRUG),
        # One gene is unknown.
        (
            "Based on TPMT status, start with normal starting dose. NUDT15 genotype is not "
            "available.",
            NONE,
        ),
        ("Start with the normal initial dose, bearing in mind an increase.", DOSE),
        ("", NONE),
    ],
)
def test_what_is_not_sure_sends_to_the_guideline(text, flags):
    assert read(text, flags) == Reading("see_guideline")


def test_further_considerations_are_not_read():
    text = '<p>Choose an alternative.</p><h4 id="x">Other Considerations</h4><p>Use 10%</p>'
    assert plain_text(text) == "Choose an alternative."


@given(st.text(), st.booleans(), st.booleans(), st.booleans())
def test_any_text_gives_an_action_of_the_list(text, dosing, alternate, other):
    reading = read(text, Flags(dosing, alternate, other))
    assert reading.action in ACTIONS
    assert reading.dose_change is None or reading.action in {"change_dose", "alternative"}


@given(
    st.sampled_from(["Use 65% of the standard dose", "Avoid madeupine", "Choose an alternative"]),
    st.sampled_from(
        ["Do not ", "Never ", "It is no longer advised to ", "If pregnant, ", "Either "]
    ),
)
def test_a_negation_or_condition_before_it_is_never_read(wording, before):
    for flags in (DOSE, OTHER_DRUG, BOTH):
        assert read(before + wording[0].lower() + wording[1:] + ".", flags).action == (
            "see_guideline"
        )
