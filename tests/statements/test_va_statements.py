"""Statements of VA-Spec: valid by the models of the standard, and none left out silently."""

from __future__ import annotations

import copy

import pytest
from ga4gh.va_spec import aac_2017, acmg_2015, ccv_2022
from hereditary_builders import carrier, finding, lists_pack, person, secondary, uncertain
from report_builders import RUN, failed_tables, germline_tables, pack, sample, tumor_sample
from report_builders import tumor_tables as tables_of_tumor

from apothecary.reports import model
from apothecary.statements import alleles, evidence, pathogenicity, statements

MODELS = {
    "VariantTherapeuticResponseProposition": aac_2017.VariantTherapeuticResponseStudyStatement,
    "VariantDiagnosticProposition": aac_2017.VariantDiagnosticStudyStatement,
    "VariantPrognosticProposition": aac_2017.VariantPrognosticStudyStatement,
    "VariantPathogenicityProposition": acmg_2015.VariantPathogenicityStatement,
    "VariantOncogenicityProposition": ccv_2022.VariantOncogenicityStudyStatement,
}


@pytest.fixture(scope="module")
def source(repository):
    folder = repository / "resources" / "statements"
    return statements.Source(
        alleles.read_accessions(folder / "refget_accessions.tsv"),
        evidence.read_vocabulary(folder / "predicates.tsv", folder / "oncogenicity_classes.tsv"),
        pathogenicity.read_vocabulary(
            folder / "pathogenicity_classes.tsv", folder / "pathogenicity_codes.tsv"
        ),
        {},
    )


@pytest.fixture(scope="module")
def tumor():
    return model.build_model(tumor_sample(), tables_of_tumor(), pack(), RUN)


def by_id(document):
    return {statement["id"]: statement for statement in document["statements"]}


def test_every_statement_is_valid_and_all_evidence_is_accounted_for(tumor, source):
    document = statements.build(tumor, source)
    assert len(document["statements"]) == 4
    for statement in document["statements"]:
        kind = MODELS[statement["proposition"]["type"]]
        assert kind(**statement).model_dump(mode="json", exclude_none=True) == statement
    told = [*by_id(document), *(entry["finding"] for entry in document["not_stated"])]
    expected = [
        item["finding"] for finding in tumor["tumor"]["findings"] for item in finding["evidence"]
    ]
    expected += [entry["finding"] for entry in tumor["oncogenicity"]["variants"]]
    assert sorted(told) == sorted(expected)


def test_a_statement_of_response_tells_tier_strength_direction_and_evidence(tumor, source):
    found = by_id(statements.build(tumor, source))
    place = "chr7:140753336:A:T"
    combination = found[f"evidence:{place}:EID9851"]
    assert combination["classification"]["primaryCoding"]["code"] == "Tier I"
    assert combination["strength"]["primaryCoding"]["code"] == "Level A"
    assert combination["direction"] == "supports"
    assert combination["proposition"]["predicate"] == "predictsSensitivityTo"
    assert combination["proposition"]["objectTherapeutic"] == {
        "membershipOperator": "AND",
        "therapies": [
            {"conceptType": "Therapy", "name": name} for name in ("Encorafenib", "Cetuximab")
        ],
    }
    variant = combination["proposition"]["subjectVariant"]
    assert variant["members"] == ["ga4gh:VA.Otc5ovrw906Ack087o1fhegB4jDRqCAe"]
    assert variant["constraints"][0]["allele"] == variant["members"][0]
    resistant = found[f"evidence:{place}:EID816"]
    assert resistant["proposition"]["predicate"] == "predictsResistanceTo"
    elsewhere = found[f"evidence:{place}:EID1409"]
    assert "strength" not in elsewhere
    extensions = {entry["name"]: entry["value"] for entry in elsewhere["extensions"]}
    assert extensions["evidence_id"] == "EID1409"
    assert extensions["vetoed_by"] == ["EID102"]


def test_oncogenicity_has_a_line_for_each_code_that_counts(tumor, source):
    (statement,) = [
        entry
        for key, entry in by_id(statements.build(tumor, source)).items()
        if key.startswith("oncogenicity:")
    ]
    assert statement["classification"]["primaryCoding"]["code"] == "likely oncogenic"
    assert (statement["direction"], statement["score"]) == ("supports", 9)
    outcomes = [
        line["evidenceOutcome"]["primaryCoding"]["code"] for line in statement["hasEvidenceLines"]
    ]
    assert outcomes == ["OP4", "OS2", "OS3"]


@pytest.mark.parametrize(
    ("changes", "direction"),
    [
        ({"effect": "not_sensitive"}, "disputes"),
        ({"effect": "resistant"}, "supports"),
        ({"evidence_type": "prognostic", "effect": "poor_outcome"}, "supports"),
        ({"evidence_type": "diagnostic", "effect": "not_positive"}, "disputes"),
    ],
)
def test_direction(changes, direction, tumor, source):
    finding = tumor["tumor"]["findings"][0]
    item = {**finding["evidence"][0], **changes}
    stated = evidence.of_evidence(finding, item, None, source.words)
    assert stated["direction"] == direction
    (constraint,) = stated["proposition"]["subjectVariant"]["constraints"]
    assert constraint["featureContext"]["name"] == "BRAF"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"evidence_type": "functional"}, "no predicate for functional evidence"),
        ({"effect": "reduced_sensitivity"}, "no predicate for predictive evidence"),
        ({"disease": None}, "names no disease"),
        ({"therapies": []}, "names no therapy"),
        ({"tier": "withheld"}, "no tier"),
    ],
)
def test_what_is_not_stated_has_a_reason(changes, reason, tumor, source):
    finding = tumor["tumor"]["findings"][0]
    item = {**finding["evidence"][0], **changes}
    with pytest.raises(evidence.NotStatedError, match=reason):
        evidence.of_evidence(finding, item, None, source.words)


def test_strength_is_told_where_a_code_has_another_than_its_own(tumor, source):
    entry = copy.deepcopy(tumor["oncogenicity"]["variants"][0])
    entry["ledger"] = [
        {**entry["ledger"][1], "code": code, "strength": strength}
        for code, strength in (("OVS1", "strong"), ("SBVS1", "very_strong"), ("OM1", "supporting"))
    ]
    stated = evidence.of_oncogenicity(entry, tumor["identity"], None, source.words)
    lines = stated["hasEvidenceLines"]
    assert [line["evidenceOutcome"]["primaryCoding"]["code"] for line in lines] == [
        "OVS1_strong",
        "SBVS1",
        "OM1_supporting",
    ]
    assert [line["directionOfEvidenceProvided"] for line in lines] == [
        "supports",
        "disputes",
        "supports",
    ]


def test_changes_found_in_reads_are_at_places_of_grch38_in_every_build(tumor, source):
    made = copy.deepcopy(tumor)
    made["identity"]["build"] = "GRCh37"
    place = {"position": "chr7:140753336", "ref": "A", "alt": "T"}
    made["hotspots"]["found"] = [{**place, "gene": "BRAF", "change": "V600E"}]
    made["tumor"]["findings"] = [
        {**finding, "position": "chr7:140453136"} for finding in made["tumor"]["findings"][:1]
    ]
    made["oncogenicity"]["variants"] = []
    entries = statements.build(made, source)["alleles"]
    assert [(entry["build"], entry["allele"]["id"]) for entry in entries] == [
        ("GRCh37", "ga4gh:VA.nmp-bzYpO00NYIqr3CaVF0ZH2ZpSj1ly"),
        ("GRCh38", "ga4gh:VA.Otc5ovrw906Ack087o1fhegB4jDRqCAe"),
    ]


def test_positions_of_pharmacogenes_have_alleles(source):
    made = model.build_model(sample(), germline_tables(), pack(), RUN)
    (entry,) = statements.build(made, source)["alleles"]
    assert (entry["variant"], entry["build"]) == ("chr10:94781859:G:A", "GRCh38")
    assert entry["name"] == "CYP2C19 rs4244285"


def test_a_failed_sample_has_the_reason_and_nothing_else(source):
    made = model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN)
    document = statements.build(made, source)
    assert document["failure"][0]["reason"] == "the file is cut short"
    assert not document["alleles"]
    assert not document["statements"]
    assert not document["not_stated"]


def of_person(source, *rows):
    one, tables = person(*rows)
    return statements.build(model.build_model(one, tables, lists_pack(), RUN), source)


def test_hereditary_variants_have_a_statement_each_by_our_points(source):
    document = of_person(source, finding(), secondary(), carrier(), uncertain())
    told = by_id(document)
    assert len(told) == 4
    for statement in told.values():
        kind = MODELS[statement["proposition"]["type"]]
        assert kind(**statement).model_dump(mode="json", exclude_none=True) == statement
        assert statement["proposition"]["alleleOriginQualifier"]["name"] == "germline"
    brca = told["germline:chr13:32340300:GT:G:BRCA2"]
    assert brca["classification"]["primaryCoding"]["code"] == "pathogenic"
    assert (brca["direction"], brca["score"]) == ("supports", 10)
    lines = [
        (line["evidenceOutcome"]["primaryCoding"]["code"], line["scoreOfEvidenceProvided"])
        for line in brca["hasEvidenceLines"]
    ]
    assert lines == [("PVS1", 8), ("PM1", 2)]
    ldlr = told["germline:chr19:11113300:C:T:LDLR"]
    assert ldlr["classification"]["primaryCoding"]["code"] == "uncertain significance"
    extensions = {entry["name"]: entry["value"] for entry in ldlr["extensions"]}
    assert extensions["decided_class"] == "Likely pathogenic"
    assert extensions["decided_by"] == "clinvar"
    assert "ACMG SF 3.3" in extensions["list_text"]
    names = {entry["name"] for entry in document["alleles"]}
    assert {"BRCA2 p.Ser1982ArgfsTer22", "PALB2 p.Glu672Gln"} <= names


def test_every_code_and_class_of_ours_has_its_criterion(source, repository):
    criteria = repository / "resources" / "germline" / "criteria.tsv"
    codes = [line.split("\t")[0] for line in criteria.read_text().splitlines()[1:]]
    for code in codes:
        row = finding(codes=[code], evidence=["x"], code_points=["-1"], code_sources=["civic"])
        document = of_person(source, row)
        assert document["not_stated"] == [], code
        (statement,) = document["statements"]
        (line,) = statement["hasEvidenceLines"]
        against = code.startswith("B")
        assert line["directionOfEvidenceProvided"] == ("disputes" if against else "supports")
    classes = repository / "resources" / "germline" / "classes.tsv"
    for line in classes.read_text().splitlines()[1:]:
        document = of_person(source, finding(**{"class": line.split("\t")[0]}))
        assert len(document["statements"]) == 1


def test_a_variant_without_a_condition_or_with_an_unknown_code_is_not_stated(source):
    unknown = {"codes": ["PX9"], "evidence": ["x"], "code_points": ["+1"], "code_sources": ["y"]}
    document = of_person(source, finding(gene="FUT1", condition=None), carrier(**unknown))
    assert document["statements"] == []
    reasons = {entry["finding"]: entry["reason"] for entry in document["not_stated"]}
    assert reasons == {
        "germline:chr13:32340300:GT:G:FUT1": "the list of genes names no condition",
        "germline:chr1:45332500:G:A:MUTYH": "VA-Spec has no criterion for PX9",
    }
