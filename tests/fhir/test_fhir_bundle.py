"""Bundles: all findings, no more than was assessed, and what the guide asks."""

from __future__ import annotations

import copy
import json

import pytest
from fhir_models import bundle_of, components, errors, of_profile, report_model
from hypothesis import given, settings
from hypothesis import strategies as st

from apothecary.fhir.making import related


@pytest.mark.parametrize("name", ["germline", "tumor", "failed"])
def test_a_bundle_conforms_and_is_the_same_again(name):
    made = bundle_of(report_model(name))
    assert errors(made) == []
    shuffled = json.loads(json.dumps(report_model(name), sort_keys=True))
    assert bundle_of(shuffled) == made
    kinds = [entry["resource"]["resourceType"] for entry in made["entry"]]
    assert kinds[0] == "DiagnosticReport"
    assert {"Patient", "Specimen", "Organization"} <= set(kinds)
    assert ("Procedure" in kinds) == (name != "failed")
    ids = [entry["fullUrl"] for entry in made["entry"]]
    assert len(set(ids)) == len(ids)


def test_the_person_is_a_pseudonym_only():
    (patient,) = [
        entry["resource"]
        for entry in bundle_of(report_model("germline"))["entry"]
        if entry["resource"]["resourceType"] == "Patient"
    ]
    assert set(patient) == {"resourceType", "id", "identifier", "gender"}
    assert patient["identifier"] == [{"use": "secondary", "value": "P-HG00276"}]


def test_no_laboratory_no_organization():
    model = report_model("germline")
    model["identity"]["laboratory"] = None
    made = bundle_of(model)
    assert errors(made) == []
    assert "Organization" not in {entry["resource"]["resourceType"] for entry in made["entry"]}


def test_phenotypes_have_their_answer_codes_and_indeterminate_has_words_alone():
    model = report_model("germline")
    genes = {gene["gene"]: gene for gene in model["genes"]}
    genes["DPYD"]["phenotypes"][0] |= {"phenotype": "Indeterminate", "answer_code": None}
    told = {}
    for one in of_profile(bundle_of(model), "therapeutic-implication"):
        for component in components(one, "therapeutic-implication"):
            gene = components(one, "48018-6")[0]["valueCodeableConcept"]["text"]
            told.setdefault(gene, []).append(component["valueCodeableConcept"])
    assert told["CYP2C19"] == [
        {
            "coding": [{"system": "http://loinc.org", "code": "LA9657-3"}],
            "text": "Poor Metabolizer",
        }
    ]
    assert told["DPYD"] == [{"text": "Indeterminate"}]
    # Two diplotypes of one phenotype tell it once.
    assert len(told["CYP2B6"]) == 1
    # A gene that was not called has no phenotype at all.
    assert "TPMT" not in told


def test_a_gene_that_was_not_called_has_a_genotype_without_a_value():
    made = bundle_of(report_model("germline"))
    found = {
        components(one, "48018-6")[0]["valueCodeableConcept"]["text"]: one
        for one in of_profile(made, "genotype")
    }
    value = found["TPMT"]["valueCodeableConcept"]
    assert value["extension"][0]["valueCode"] == "unknown"
    assert "undocumented base" in components(found["TPMT"], "conclusion-string")[0]["valueString"]
    assert "derivedFrom" not in found["TPMT"]
    assert "extension" not in found["CYP2C19"]["valueCodeableConcept"]
    # A tie is one genotype in words, and no haplotype is claimed of it.
    assert "or" in found["CYP2B6"]["valueCodeableConcept"]["text"]
    haplotypes = {one["valueCodeableConcept"]["text"] for one in of_profile(made, "haplotype")}
    assert {"CYP2C19 *2", "SLCO1B1 *1", "SLCO1B1 *15"} <= haplotypes
    assert not any(text.startswith("CYP2B6") for text in haplotypes)


def test_phase_is_told_of_neighbours_that_are_phased_together():
    made = bundle_of(report_model("germline"))
    values = [
        one["valueCodeableConcept"]["coding"][0]["code"]
        for one in of_profile(made, "sequence-phase-relationship")
    ]
    assert values == ["Cis", "Trans"]
    unphased = report_model("germline")
    for section in unphased["sites"]:
        for variant in section["variants"]:
            variant["genotype"] = variant["genotype"].replace("|", "/")
    assert of_profile(bundle_of(unphased), "sequence-phase-relationship") == []


def test_recommendations_that_ask_to_act_are_proposed_with_their_reason():
    model = report_model("germline")
    made = bundle_of(model)
    by_id = {entry["fullUrl"]: entry["resource"] for entry in made["entry"]}
    shown = [
        row
        for medicine in model["recommendations"]
        if medicine["taken"] or not medicine["standard"]
        for source in medicine["sources"]
        for row in source["rows"]
    ]
    acted = [row for row in shown if row["action"] in ("avoid", "alternative", "change_dose")]
    tasks = of_profile(made, "medication-recommendation")
    reasoned = [task for task in tasks if "reasonReference" in task]
    assert len(reasoned) >= len(acted) > 0
    for task in reasoned:
        assert components(by_id[task["reasonReference"]["reference"]], "51963-7")
    doses = [task["description"] for task in tasks if task not in reasoned]
    given = [one for one in model["doses"] if one["refused"] is None]
    assert len(doses) == len(given) > 0
    assert all(any(one["dose"] in text for text in doses) for one in given)
    taken = {by_id[task["focus"]["reference"]]["resourceType"] for task in tasks if "focus" in task}
    assert taken == {"MedicationStatement"}
    report = made["entry"][0]["resource"]
    actions = [
        one["valueReference"]["reference"]
        for one in report["extension"]
        if one["url"].endswith("recommended-action")
    ]
    assert sorted(actions) == sorted(f"urn:uuid:{task['id']}" for task in tasks)
    reason = by_id[reasoned[0]["reasonReference"]["reference"]]
    medicine = components(reason, "51963-7")[0]["valueCodeableConcept"]
    assert medicine["coding"][0]["system"].endswith("rxnorm")


def test_a_change_of_dose_has_a_code_where_its_direction_is_sure():
    model = report_model("germline")
    rows = [
        row
        for medicine in model["recommendations"]
        for source in medicine["sources"]
        for row in source["rows"]
        if row["action"] == "change_dose"
    ]
    assert rows[0]["dose_direction"] is None, "0.5 has no unit"
    told = {}
    for direction in ("decrease", "increase", None):
        rows[0]["dose_direction"] = direction
        made = bundle_of(model)
        assert errors(made) == []
        (task,) = [
            task
            for task in of_profile(made, "medication-recommendation")
            if rows[0]["action_words"] in task["description"]
        ]
        told[direction] = task.get("code", {}).get("coding", [{}])[0].get("display")
    assert told == {"decrease": "Decrease dose", "increase": "Increase dose", None: None}
    # Whatever else an action says of a dose, its own code stands.
    rows[0] |= {"action": "alternative", "dose_direction": "decrease"}
    codes = [
        task["code"]["coding"][0]["code"]
        for task in of_profile(bundle_of(model), "medication-recommendation")
        if "code" in task
    ]
    assert set(codes) == {"LA26421-0"}


def test_every_finding_of_a_tumor_and_its_upper_evidence_are_there():
    model = report_model("tumor")
    made = bundle_of(model)
    text = json.dumps(made, ensure_ascii=False)
    for finding in model["tumor"]["findings"]:
        assert finding["alteration"] in text
        for item in finding["evidence"]:
            shown = item["tier"] in ("I", "II") and item["evidence_id"]
            assert not shown or f'"label": "{item["evidence_id"]}"' in text
    for fusion in model["tumor"]["fusions"]:
        assert fusion["fusion"] in text
    genes = {
        one["valueCodeableConcept"]["text"]
        for variant in of_profile(made, "variant")
        for one in components(variant, "48018-6")
    }
    assert {one["gene"] for one in model["tumor"]["copy_number"]} <= genes
    effects = [
        one["valueCodeableConcept"]
        for implication in of_profile(made, "therapeutic-implication")
        for one in components(implication, "therapeutic-implication")
    ]
    assert {"LA6677-4", "LA6676-6"} <= {one["coding"][0]["code"] for one in effects}
    (consequence,) = [
        one
        for one in of_profile(made, "molecular-consequence")
        if components(one, "feature-consequence")
    ]
    term = components(consequence, "feature-consequence")[0]["valueCodeableConcept"]
    assert term["coding"][0] == {
        "system": "http://www.sequenceontology.org",
        "code": "SO:0001583",
        "display": "missense_variant",
    }


def test_the_class_of_oncogenicity_is_the_clinical_significance_of_the_consequence():
    model = report_model("tumor")
    finding = model["tumor"]["findings"][0]
    name = f"oncogenicity:{finding['finding_id']}:{finding['gene']}"
    judged = {"finding": name, "class": "Likely Oncogenic", "points": 7, "codes": ["OS3", "OM1"]}
    model["oncogenicity"]["variants"] = [judged]
    made = bundle_of(model)
    assert errors(made) == []
    told = {
        component["valueCodeableConcept"]["text"]: one
        for one in of_profile(made, "molecular-consequence")
        for component in components(one, "53037-8")
    }
    assert list(told) == ["Likely Oncogenic"]
    (points,) = components(told["Likely Oncogenic"], "conclusion-string")
    assert points["valueString"] == "7 points: OS3, OM1"


def test_a_variant_that_may_be_germline_says_so():
    model = report_model("tumor")
    model["tumor"]["findings"][0]["hgvs_g"] = "g.140753336A>T"
    (braf,) = [one for one in of_profile(bundle_of(model), "variant") if components(one, "81290-9")]
    source = components(braf, "48002-0")[0]["valueCodeableConcept"]["coding"][0]
    assert source["display"] == "Likely germline"
    gene = components(braf, "48018-6")[0]["valueCodeableConcept"]["coding"][0]
    assert gene == {"system": "http://www.genenames.org", "code": "HGNC:1097", "display": "BRAF"}
    name = components(braf, "81290-9")[0]["valueCodeableConcept"]["coding"][0]["code"]
    assert name == "NC_000007.14:g.140753336A>T"


def test_what_was_not_assessed_is_never_absent():
    model = report_model("tumor")
    first = {"detection_limit": 0.05, "reason": "looked at", "status_words": "in words"}
    model["pertinent_negatives"]["biomarkers"] = [
        {**first, "molecular_profile": name, "finding": f"biomarker:{name}", "status": status}
        for name, status in (
            ("SEEN", "found"),
            ("LOOKED FOR", "not_found"),
            ("NOT LOOKED AT", "not_assessable"),
        )
    ]
    model["tag_screens"] = [
        {
            "allele": "HLA-B*57:01",
            "base": "G",
            "copies": None,
            "finding": f"tag_screen:{state}",
            "reason": None,
            "rsid": "rs2395029",
            "state": state,
            "state_words": state,
            "studies": [],
        }
        for state in ("present", "absent", "not_assessed")
    ]
    made = bundle_of(model)
    assert errors(made) == []
    said = {}
    for one in of_profile(made, "variant"):
        words = components(one, "conclusion-string")[0]["valueString"]
        said[words] = one["valueCodeableConcept"]["coding"][0]["display"]
    told = {
        display: [words for words in said if said[words] == display] for display in said.values()
    }
    assert [words.split(";")[0] for words in told["Absent"]] == [
        "tag of HLA-B*57:01",
        "LOOKED FOR",
    ]
    (task,) = of_profile(made, "followup-recommendation")
    assert task["code"]["coding"][0]["code"] == "LA14021-2"
    assert [words.split(";")[0] for words in told["No call"]] == [
        "tag of HLA-B*57:01",
        "NOT LOOKED AT",
    ]
    for marker in of_profile(made, "molecular-biomarker"):
        assert ("dataAbsentReason" in marker) != any(key.startswith("value") for key in marker)


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        (
            {"biomarker": "tmb_coding", "status": "high", "value": 12.5},
            {
                "valueQuantity": {
                    "value": 12.5,
                    "unit": "mutations/Mb",
                    "system": "http://unitsofmeasure.org",
                    "code": "1/1000000{Base}",
                },
                "interpretation": [{"text": "in words"}],
            },
        ),
        (
            {"biomarker": "msi_reads", "status": "msi_high", "value": 0.4},
            {
                "valueCodeableConcept": {
                    "coding": [
                        {"system": "http://loinc.org", "code": "LA26203-2", "display": "MSI-H"}
                    ],
                    "text": "in words",
                }
            },
        ),
        (
            {"biomarker": "msi_reads", "status": "indeterminate", "value": 0.2},
            {
                "valueCodeableConcept": {
                    "coding": [
                        {
                            "system": "http://loinc.org",
                            "code": "LA11884-6",
                            "display": "Indeterminate",
                        }
                    ],
                    "text": "in words",
                }
            },
        ),
        (
            {"biomarker": "tmb_all", "status": "not_assessed", "value": None},
            {"dataAbsentReason": {"text": "in words"}},
        ),
    ],
)
def test_biomarkers_have_a_value_or_the_reason_why_not(marker, expected):
    model = report_model("tumor")
    base = model["biomarkers"]["markers"][0]
    words = {"status_words": "in words", "unit": "mutations/Mb", "finding": "biomarker:x"}
    model["biomarkers"]["markers"] = [{**base, **marker, **words}]
    made = bundle_of(model)
    assert errors(made) == []
    (found,) = of_profile(made, "molecular-biomarker")
    keys = ("valueQuantity", "valueCodeableConcept", "dataAbsentReason", "interpretation")
    assert {key: found[key] for key in keys if key in found} == expected


def test_a_failed_sample_has_the_reason_and_no_finding():
    made = bundle_of(report_model("failed"))
    report = made["entry"][0]["resource"]
    assert report["status"] == "cancelled"
    assert "the file is cut short" in report["conclusion"]
    assert "result" not in report
    assert "Observation" not in {entry["resource"]["resourceType"] for entry in made["entry"]}


def test_the_report_tells_what_was_not_assessed_and_cites_the_knowledge():
    model = report_model("germline")
    (failed,) = model["fates"]["failed"][:1]
    model["fates"]["marked"] = [{**failed, "reason": "like a copy of the region"}]
    report = bundle_of(model)["entry"][0]["resource"]
    notes = [
        one["valueAnnotation"]["text"]
        for one in report["extension"]
        if one["url"].endswith("genomic-report-note")
    ]
    assert all(
        any(text.startswith(f"{one['gene']}: ") for text in notes)
        for one in model["not_assessed"]["genes"]
    )
    assert set(model["limitations"]) <= set(notes)
    assert any(text.endswith(": like a copy of the region") for text in notes)
    assert related(None, None) == []
    assert report["_effectiveDateTime"]["extension"][0]["valueCode"] == "unknown"
    (collected,) = [one for one in model["order"] if one["field"] == "collected"]
    collected |= {"given": True, "text": "2026-01-31"}
    dated = bundle_of(model)
    assert errors(dated) == []
    assert dated["entry"][0]["resource"]["effectiveDateTime"] == "2026-01-31"


def test_trials_are_told_of_the_finding_that_led_to_them():
    model = report_model("tumor")
    trial = {
        "accrual": "open",
        "met": ["BRAF"],
        "unmet": [],
        "unknown": ["age"],
        "part": "arm A",
        "phase": None,
        "status_words": "in words",
        "title": None,
        "trial": "T1",
    }
    model["trials"]["rows"] = [
        {**trial, "finding": f"trial:{status}", "status": status, "matched_by": by}
        for status, by in (
            ("met", ["chr7:140753336:A:T"]),
            ("unknown", ["chr7:140753336:A:T"]),
            ("unmet", []),
        )
    ]
    made = bundle_of(model)
    assert errors(made) == []
    values = [
        components(one, "therapeutic-implication")[0]["valueCodeableConcept"]
        for one in of_profile(made, "therapeutic-implication")
        if components(one, "associated-therapy")
    ]
    assert [one.get("coding", [{}])[0].get("code") for one in values] == ["399223003", None]


def test_approvals_are_told_of_the_finding_that_meets_them():
    model = report_model("tumor")
    words = ("agency", "disease", "document", "molecular_profile", "reason", "source_id")
    approval = {name: name for name in (*words, "status_words", "test_words")}
    approval |= {"approved": None, "link": None, "therapies": ["Encorafenib"]}
    model["approvals"] = [
        {**approval, "finding": f"approval:{status}", "status": status, "findings": by}
        for status, by in (
            ("meets", ["chr7:140753336:A:T"]),
            ("not_assessable", []),
            ("does_not_meet", []),
        )
    ]
    made = bundle_of(model)
    assert errors(made) == []
    text = json.dumps(made)
    assert text.count('"label": "source_id"') == 1


def test_a_change_that_only_the_reads_show_is_a_variant_of_its_own():
    model = report_model("tumor")
    seen = {"change": "G12D", "gene": "KRAS", "ref": "C", "alt": "T", "vaf": 0.07}
    words = {"vaf_text": "7 %", "strands_text": "both strands"}
    braf = {"change": "V600E", "gene": "BRAF", "ref": "A", "alt": "T", "vaf": 0.3}
    before = len(of_profile(bundle_of(model), "variant"))
    model["hotspots"]["found"] = [
        {**seen, **words, "finding": "hotspot:1", "position": "chr12:25245350"},
        {**braf, **words, "finding": "hotspot:2", "position": "chr7:140753336"},
    ]
    made = bundle_of(model)
    assert errors(made) == []
    assert len(of_profile(made, "variant")) == before + 1


WORDS = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=12
).filter(str.strip)
ALLELES = st.sampled_from(["A", "C", "G", "T", "CAT", "del"])
PHENOTYPES = st.sampled_from(
    [
        ("Poor Metabolizer", "LA9657-3"),
        ("Normal Metabolizer", "LA25391-6"),
        ("Increased Function", "LA25392-4"),
        ("Indeterminate", None),
        ("Uncertain Susceptibility", None),
    ]
)


@settings(max_examples=4)
@given(data=st.data())
def test_any_model_makes_a_bundle_that_conforms(data):
    germline, tumor = report_model("germline"), report_model("tumor")
    for gene in germline["genes"]:
        gene["diplotype_text"] = data.draw(WORDS)
        for one in gene["phenotypes"]:
            one["phenotype"], one["answer_code"] = data.draw(PHENOTYPES)
            one["converted_phenotype"] = data.draw(st.none() | WORDS)
    for section in germline["sites"]:
        for variant in section["variants"]:
            parts = data.draw(st.lists(ALLELES, min_size=1, max_size=2))
            variant["genotype"] = data.draw(st.sampled_from("|/")).join(parts)
            variant["rsid"] = data.draw(st.none() | st.just("rs1"))
    for medicine in germline["recommendations"]:
        medicine["taken"] = data.draw(st.booleans())
        for source in medicine["sources"]:
            for row in source["rows"]:
                row["action"] = data.draw(
                    st.sampled_from(["avoid", "change_dose", "monitor", "see_guideline"])
                )
                row["dose_direction"] = data.draw(st.sampled_from(["decrease", "increase", None]))
                row |= {"strength": data.draw(st.none() | WORDS), "text": [data.draw(WORDS)]}
    for finding in tumor["tumor"]["findings"]:
        finding["vaf"] = data.draw(st.none() | st.floats(0, 1))
        finding["consequence"] = data.draw(
            st.none() | st.sampled_from(["missense_variant", "stop_gained&splice_region_variant"])
        )
        finding |= {name: data.draw(st.none() | WORDS) for name in ("hgvs_c", "hgvs_p", "hgvs_g")}
        for item in finding["evidence"]:
            item["therapies"] = data.draw(st.lists(WORDS, max_size=2))
            item["effect"] = data.draw(st.sampled_from(["sensitive", "resistant", "positive"]))
            item["disease"] = data.draw(st.none() | WORDS)
    for model in (germline, tumor):
        model["status"] = data.draw(st.sampled_from(["ok", "warn"]))
        model["identity"]["sex"] = data.draw(st.sampled_from(["F", "M", "unknown"]))
        model["identity"]["build"] = data.draw(st.sampled_from(["GRCh37", "GRCh38", ""]))
        assert errors(bundle_of(model)) == []
        assert bundle_of(copy.deepcopy(model)) == bundle_of(model)
