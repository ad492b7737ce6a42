"""Hereditary findings in bundles: variants, what they imply with coded class, what is to follow."""

from __future__ import annotations

import json

import pytest
from fhir_models import bundle_of, components, errors, of_profile
from hereditary_builders import carrier, finding, lists_pack, person, secondary, uncertain
from report_builders import RUN

from apothecary.germline import rules
from apothecary.reports import model

LOINC = "http://loinc.org"


def built(*rows, **decisions):
    one, tables = person(*rows, **decisions)
    return bundle_of(model.build_model(one, tables, lists_pack(), RUN))


def coded(resource, code):
    """System, code and words of a component, None without it."""
    found = components(resource, code)
    if not found:
        return None
    value = found[0]["valueCodeableConcept"]
    coding = value.get("coding", [{}])[0]
    return coding.get("system"), coding.get("code"), value.get("text") or coding.get("display")


@pytest.fixture(scope="module")
def whole():
    return built()


def test_the_bundle_conforms_and_each_class_is_derived_from_its_variant(whole):
    assert errors(whole) == []
    variants = {
        f"urn:uuid:{one['id']}": coded(one, "48018-6")[2] for one in of_profile(whole, "variant")
    }
    told = {}
    for one in of_profile(whole, "diagnostic-implication"):
        (origin,) = one["derivedFrom"]
        told[variants[origin["reference"]]] = coded(one, "53037-8")
    assert told == {
        "BRCA2": (LOINC, "LA6668-3", "Pathogenic"),
        "LDLR": (LOINC, "LA26332-9", "Likely pathogenic"),
        "MUTYH": (LOINC, "LA6668-3", "Pathogenic"),
        "PALB2": (LOINC, "LA26333-7", "Uncertain significance"),
    }


@pytest.mark.parametrize("classification", rules.CLASSES)
def test_every_class_has_its_code(classification):
    made = built(finding(decided_class=classification))
    (one,) = of_profile(made, "diagnostic-implication")
    system, code, words = coded(one, "53037-8")
    assert (system, words) == (LOINC, classification)
    assert code.startswith("LA")


@pytest.mark.parametrize(
    ("zygosity", "code"),
    [
        ("heterozygous", "LA6706-1"),
        ("homozygous", "LA6705-3"),
        ("hemizygous", "LA6707-9"),
        ("homoplasmic", "LA6704-6"),
        ("heteroplasmic", "LA6703-8"),
        ("unknown", None),
    ],
)
def test_zygosity_is_the_allelic_state_where_it_is_known(zygosity, code):
    made = built(finding(zygosity=zygosity))
    assert errors(made) == []
    (variant,) = (v for v in of_profile(made, "variant") if components(v, "48004-6"))
    state = coded(variant, "53034-5")
    assert (state and state[1]) == code
    assert coded(variant, "48002-0")[1] == "LA6683-2"


def test_codes_with_evidence_list_and_condition_are_told(whole):
    by_condition = {}
    for one in of_profile(whole, "diagnostic-implication"):
        (conclusion,) = components(one, "conclusion-string")
        by_condition[coded(one, "81259-4")[2]] = conclusion["valueString"]
        assert coded(one, "condition-inheritance")[2].startswith("autosomal")
    told = by_condition["Hypercholesterolemia"]
    for text in (
        "PM1 +2: at a residue that recurs",
        "ACMG SF 3.3",
        "stars: 2",
        "0.22 of the reads",
    ):
        assert text in told


def test_a_finding_proposes_a_confirming_test_and_counselling_and_a_carrier_does_not(whole):
    tasks = [
        entry["resource"]
        for entry in whole["entry"]
        if "followup-recommendation" in json.dumps(entry["resource"].get("meta", {}))
    ]
    told = sorted(
        (task["description"].split()[0], task["code"]["coding"][0]["code"]) for task in tasks
    )
    assert told == [
        ("BRCA2", "LA14020-4"),
        ("BRCA2", "LA14021-2"),
        ("LDLR", "LA14020-4"),
        ("LDLR", "LA14021-2"),
    ]
    implications = {f"urn:uuid:{one['id']}" for one in of_profile(whole, "diagnostic-implication")}
    assert {task["reasonReference"]["reference"] for task in tasks} <= implications


def test_what_was_not_agreed_to_is_not_in_the_bundle():
    rows = (finding(), secondary(), carrier(), uncertain())
    text = json.dumps(built(*rows, germline="no"))
    assert "LDLR" in text
    assert not [name for name in ("BRCA2", "MUTYH", "PALB2") if name in text]
