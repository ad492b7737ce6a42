"""The checker finds what is wrong: every mandatory element, code, extension and reference."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fhir_models import bundle_of, definitions, errors, of_profile, report_model

from apothecary import cli
from apothecary.fhir import check, invariants
from apothecary.fhir.structures import Element

PROFILES = (
    "genomic-report",
    "variant",
    "genotype",
    "haplotype",
    "sequence-phase-relationship",
    "therapeutic-implication",
    "molecular-consequence",
    "molecular-biomarker",
    "medication-recommendation",
    "genomic-study",
    "genomic-study-analysis",
)
Resource = dict[str, Any]


@pytest.fixture(scope="module")
def bundles() -> list[Resource]:
    return [bundle_of(report_model(name)) for name in ("germline", "tumor")]


def sample_of(bundles: list[Resource], profile: str) -> Resource:
    """The largest resource of a profile, alone in a bundle with what it refers to."""
    found = [(one, bundle) for bundle in bundles for one in of_profile(bundle, profile)]
    resource, bundle = max(found, key=lambda pair: len(json.dumps(pair[0])))
    return small(resource, bundle)


def small(resource: Resource, bundle: Resource) -> Resource:
    if resource["resourceType"] == "DiagnosticReport":
        resource = copy.deepcopy(resource)
        resource["result"] = resource["result"][:1]
        kept: dict[str, Any] = {one["url"]: one for one in resource["extension"]}
        resource["extension"] = list(kept.values())
    entries = [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}]
    for entry in entries:
        text = json.dumps(entry["resource"])
        told = {one["fullUrl"] for one in entries}
        entries += [
            one for one in bundle["entry"] if one["fullUrl"] not in told and one["fullUrl"] in text
        ]
    return copy.deepcopy({"resourceType": "Bundle", "type": "collection", "entry": entries})


def mine(bundle: Resource) -> list[check.Deviation]:
    """The errors of the first resource of a bundle."""
    first = bundle["entry"][0]["resource"]
    name = f"{first.get('resourceType')}/{first.get('id', '')}"
    return [one for one in errors(bundle) if one.resource in (name, "entry[0]")]


def mandatory(asked: Element, obj: Any) -> Iterator[tuple[Any, str]]:
    """The elements of an object that a type or profile asks for, as the object and its key."""
    if not isinstance(obj, dict):
        return
    for name, child in asked.children.items():
        stem = name.removesuffix("[x]")
        keys = [
            key for key in obj if key == name or (name.endswith("[x]") and key.startswith(stem))
        ]
        for key in keys:
            if child.least:
                yield obj, key
            items = obj[key] if isinstance(obj[key], list) else [obj[key]]
            for item in items:
                yield from mandatory(child, item)
                for one in child.slices.values():
                    if matches(one, item):
                        yield from mandatory(one, item)


def matches(one: Element, item: Any) -> bool:
    code = one.children.get("code")
    return (
        bool(code is not None and code.pattern and isinstance(item, dict))
        and item.get("code", {}).get("coding", [{}])[0].get("code")
        == (code.pattern_value["coding"][0]["code"])
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_a_resource_without_a_mandatory_element_fails(bundles, profile):
    bundle = sample_of(bundles, profile)
    assert errors(bundle) == []
    resource = bundle["entry"][0]["resource"]
    url = next(iter(resource["meta"]["profile"]))
    found = definitions()
    asked = [found.types[resource["resourceType"]].root, found.profiles[url].root]
    dropped = 0
    for root in asked:
        for obj, key in list(mandatory(root, resource)):
            if key not in obj:
                continue
            value = obj.pop(key)
            assert mine(bundle), f"{profile}: nothing is told without {key}"
            obj[key] = value
            dropped += 1
    assert dropped
    assert errors(bundle) == []


def changed(path: str, value: Any) -> Callable[[Resource], None]:
    """Set an element, by a path of keys and indexes; None takes it away."""

    def change(resource: Resource) -> None:
        *steps, last = path.split(".")
        at: Any = resource
        for step in steps:
            at = at[int(step)] if step.isdecimal() else at[step]
        if value is None:
            del at[last]
        elif last.isdecimal():
            at[int(last)] = value
        else:
            at[last] = value

    return change


WRONG = [
    ("variant", changed("status", "done"), "'done'"),
    ("variant", changed("code.coding.0.code", "69548-7"), "69548-6"),
    ("variant", changed("code.coding.0.system", "http://loinc.com"), "http://loinc.org"),
    ("variant", changed("valueCodeableConcept.coding.0.system", "urn:x"), "LL1971-2"),
    ("variant", changed("valueCodeableConcept", {"text": "Present"}), "no code"),
    ("variant", changed("category.1.coding.0.code", "XX"), "category:geCategory"),
    ("variant", changed("category.1", {"text": "genetics"}), "category:geCategory"),
    ("variant", changed("effectiveDateTime", "yesterday"), "'yesterday'"),
    ("variant", changed("subject", {"reference": "urn:uuid:none"}), "means no resource"),
    ("variant", changed("unknownElement", 1), "not known"),
    ("variant", changed("component", {}), "a list"),
    ("variant", changed("note", []), "a value"),
    ("variant", changed("dataAbsentReason", {"text": "x"}), "obs-6"),
    ("variant", changed("specimen.reference", 5), "a text"),
    ("variant", changed("meta.profile.0", "http://x.org/none"), None),
    ("genotype", changed("valueString", "x"), "2 values"),
    ("therapeutic-implication", changed("valueString", "x"), "none: the profile leaves it out"),
    ("therapeutic-implication", changed("derivedFrom", None), "at least 1"),
    ("sequence-phase-relationship", changed("valueCodeableConcept.coding.0.code", "Near"), "Near"),
    ("medication-recommendation", changed("status", "draft"), "requested"),
    ("medication-recommendation", changed("intent", "order"), "proposal"),
    ("medication-recommendation", changed("code", {"text": "x"}), "LL4049-4"),
    ("molecular-biomarker", changed("category.1.coding.0.code", "GE"), "mbCategory"),
    ("genomic-study", changed("category.coding.0.code", "exam"), "laboratory"),
    ("genomic-study", changed("outcome", {"text": "x"}), "none: the profile leaves it out"),
    ("genomic-report", changed("code.coding.0.code", "1"), "51969-4"),
    ("genomic-report", changed("status", "ready"), "'ready'"),
]


@pytest.mark.parametrize(("profile", "change", "told"), WRONG)
def test_a_wrong_value_is_told_with_its_place(bundles, profile, change, told):
    bundle = sample_of(bundles, profile)
    change(bundle["entry"][0]["resource"])
    lines = [one.line("b.json") for one in check.check(bundle, definitions())]
    if told is None:
        assert any("is not known here" in line for line in lines)
        return
    assert any(told in line and line.startswith("b.json, ") for line in lines), lines


def test_a_code_of_the_system_of_an_extensible_binding_must_belong(bundles):
    bundle = sample_of(bundles, "therapeutic-implication")
    parts = bundle["entry"][0]["resource"]["component"]
    coded = [one["code"]["coding"][0]["code"] for one in parts]
    part = parts[coded.index("therapeutic-implication")]
    part["valueCodeableConcept"] = {"coding": [{"system": "http://loinc.org", "code": "LA0-0"}]}
    assert any("binding extensible" in one.right for one in errors(bundle))
    part["valueCodeableConcept"] = {"coding": [{"system": "urn:other", "code": "LA0-0"}]}
    assert errors(bundle) == []


def test_components_must_hold_what_their_slices_ask(bundles):
    bundle = sample_of(bundles, "variant")
    parts = bundle["entry"][0]["resource"]["component"]
    (state,) = [one for one in parts if one["code"]["coding"][0]["code"] == "48018-6"][:1]
    state["valueString"] = state.pop("valueCodeableConcept")["text"]
    assert any("a string" in one.found for one in errors(bundle))
    parts.append(copy.deepcopy(parts[-1]))
    assert any("at most 1" in one.right for one in errors(bundle))


def test_a_code_of_a_slice_under_another_system_is_told(bundles):
    bundle = sample_of(bundles, "variant")
    coding = bundle["entry"][0]["resource"]["component"][0]["code"]["coding"][0]
    for system in ("http://loinc.com", None):
        coding["system"] = system
        if system is None:
            del coding["system"]
        assert any("this code of http://loinc.org" in one.right for one in errors(bundle))


def test_references_must_mean_what_may_stand_there(bundles):
    bundle = sample_of(bundles, "therapeutic-implication")
    first = bundle["entry"][0]["resource"]
    first["derivedFrom"] = [first["subject"]]
    assert any("the reference means a Patient" in one.found for one in errors(bundle))
    task = sample_of(bundles, "medication-recommendation")
    task["entry"][0]["resource"]["reasonReference"] = task["entry"][0]["resource"]["for"]
    assert any("therapeutic-implication" in one.right for one in errors(task))
    far = sample_of(bundles, "variant")
    far["entry"][0]["resource"]["subject"] = {"reference": "Patient/1"}
    assert errors(far) == []
    assert any("not in the bundle" in one.found for one in check.check(far, definitions()))
    far["entry"][0]["resource"]["subject"] = {"reference": "Task/1"}
    assert any("means a Task" in one.found for one in errors(far))


def test_extensions_must_be_known_and_stand_where_they_may(bundles):
    bundle = sample_of(bundles, "genomic-report")
    report = bundle["entry"][0]["resource"]
    specimen = next(
        one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Specimen"
    )
    specimen["extension"] = [report["extension"][0]]
    assert any("does not belong here" in one.found for one in errors(bundle))
    del specimen["extension"]
    report["extension"][0] = {"url": "http://x.org/unknown", "valueString": "x"}
    remarks = [one for one in check.check(bundle, definitions()) if not one.error]
    assert any("http://x.org/unknown" in one.found for one in remarks)
    url = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/genomic-study-reference"
    report["extension"][0] = {"url": url, "valueString": "x"}
    assert any("a string" in one.found for one in errors(bundle))
    report["extension"][0] = {"url": url}
    assert any("ext-1" in one.found for one in errors(bundle))


@pytest.mark.parametrize(
    ("bundle", "rule"),
    [
        ({"type": "collection", "total": 1}, "bdl-1"),
        ({"type": "collection", "entry": [{"fullUrl": "urn:uuid:1", "search": {}}]}, "bdl-2"),
        ({"type": "collection", "entry": [{"fullUrl": "urn:uuid:1"}]}, "bdl-5"),
        ({"type": "document"}, "bdl-9"),
        ({"type": "document"}, "bdl-10"),
    ],
)
def test_rules_of_bundles(bundle, rule):
    found = check.check({"resourceType": "Bundle", **bundle}, definitions())
    assert any(rule in one.found for one in found)
    assert rule in invariants.supported()


def test_rules_of_resources():
    quantity = {"value": 1, "code": "mg"}
    patient = {"resourceType": "Patient", "id": "p", "meta": {"versionId": "1"}}
    observation = {
        "resourceType": "Observation",
        "contained": [{**patient, "contained": [patient]}],
        "status": "final",
        "code": {"coding": [{"system": "urn:s", "code": "c"}]},
        "valueQuantity": quantity,
        "component": [
            {
                "code": {"coding": [{"system": "urn:s", "code": "c"}]},
                "valueRange": {"low": {"value": 2}, "high": {"value": 1}},
            }
        ],
        "referenceRange": [{"appliesTo": [{"text": "x"}]}],
        "effectivePeriod": {"start": "2024", "end": "2023"},
        "subject": {"reference": "#p"},
        "focus": [{"reference": "#q"}],
    }
    told = {one.found.split(" ")[2] for one in errors(observation) if "rule" in one.found}
    assert told == {"qty-3", "obs-3", "obs-7", "rng-2", "per-1", "dom-2", "dom-4"}
    assert any("#q means no resource" in one.found for one in errors(observation))


def test_what_is_not_json_of_a_resource_is_told_in_one_line(tmp_path, capsys):
    broken = tmp_path / "b.json"
    for text, said in (("{", "cannot be read"), ("[]", "no resource"), ('{"a": 1}', "no resource")):
        broken.write_text(text)
        assert cli.main(["check-fhir", str(broken)]) == 2
        told = capsys.readouterr().err
        assert said in told
        assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    "document",
    [
        {"resourceType": "Bundle", "type": "collection", "entry": 5},
        {"resourceType": "Bundle", "type": "collection", "entry": [5, {"resource": 5}]},
        {"resourceType": "Observation", "component": [5], "code": 5, "status": {}, "category": "x"},
        {"resourceType": "Observation", "contained": [5], "extension": [5], "_status": 5},
        {"resourceType": "Patient", "meta": {"profile": "x"}, "_gender": {"extension": 3}},
        {"resourceType": "Nothing"},
    ],
)
def test_nothing_that_is_json_breaks_the_checker(document):
    assert check.check(document, definitions())


def test_the_command_tells_errors_and_the_count(tmp_path, bundles, capsys):
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    bundle = sample_of(bundles, "variant")
    right.write_text(json.dumps(bundle))
    assert cli.main(["check-fhir", str(right)]) == 0
    assert capsys.readouterr().out == f"{right}: 0 errors, 0 remarks\n"
    bundle["entry"][0]["resource"]["status"] = "done"
    wrong.write_text(json.dumps(bundle))
    assert cli.main(["check-fhir", "--remarks", str(right), str(wrong)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"{wrong}: 1 errors, 0 remarks"
    assert "Observation.status: the code 'done'" in lines[1]
