"""Guidance against a medicine for who carries no variant asks for nothing, unless it is taken."""

from __future__ import annotations

from report_builders import (
    RUN,
    MadePack,
    germline_tables,
    pack,
    recommendation,
    sample,
)

from apothecary import cards
from apothecary.fhir.guidance import recommendations as of_fhir
from apothecary.reports import model
from apothecary.reports.indications import without_variant
from apothecary.reports.summary import summary

DRUG = "openstat"


def allele(gene, function, *, reference=False, lookup_key=None):
    return {
        "gene": gene,
        "function": function,
        "reference": reference,
        "lookup_key": lookup_key,
    }


def rule(gene, key, phenotype):
    return {
        "gene": gene,
        "key_1": key,
        "key_2": key,
        "phenotype": phenotype,
        "lookup_key": phenotype,
    }


TABLES = {
    "pgx_alleles": [allele("GATE", "shut", reference=True), allele("GATE", "open")],
    "pgx_phenotype_rules": [rule("GATE", "shut", "no gate"), rule("GATE", "open", "gate")],
    "guidance": [
        {"guidance_id": "G1", "drug": DRUG, "action": "avoid"},
        {"guidance_id": "G2", "drug": DRUG, "action": "standard_dosing"},
        {"guidance_id": "G3", "drug": "otherine", "action": "avoid"},
        {"guidance_id": "G4", "drug": "unkeyed", "action": "avoid"},
    ],
    "guidance_keys": [
        {"guidance_id": "G1", "drug": DRUG, "gene": "GATE", "key": "no gate"},
        {"guidance_id": "G2", "drug": DRUG, "gene": "GATE", "key": "gate"},
        {"guidance_id": "G3", "drug": "otherine", "gene": "GATE", "key": "gate"},
    ],
}


def knowledge(**changes):
    base = pack()
    return MadePack(**{**base._tables, **TABLES, **changes})


def report(*, taken=False, guidance_id="G1", knowledge_pack=None, others=()):
    rows = germline_tables()
    made = recommendation(
        "HG00276", DRUG, "CPIC", "avoid", genes=["GATE"], taken=taken, guidance_id=guidance_id
    )
    rows["recommendations"] = [*rows["recommendations"], made, *others]
    return model.build_model(sample(), rows, knowledge_pack or knowledge(), RUN)


def test_what_the_reference_leads_to_is_told_from_the_pack():
    assert without_variant(knowledge().rows) == {("G1", DRUG)}
    assert without_variant(MadePack().rows) == frozenset()


def test_every_key_must_be_that_of_the_reference():
    second = {"guidance_id": "G1", "drug": DRUG, "gene": "LOCK", "key": "odd"}
    assert (
        without_variant(knowledge(guidance_keys=[*TABLES["guidance_keys"], second]).rows) == set()
    )


def test_an_allele_is_looked_up_by_its_key_where_it_has_one():
    keyed = [allele("GATE", "not known", reference=True, lookup_key="shut")]
    assert without_variant(knowledge(pgx_alleles=keyed).rows) == {("G1", DRUG)}


def test_a_medicine_that_is_not_taken_stands_with_the_uneventful_ones():
    made = report()
    assert DRUG not in made["actions"]["other"]
    assert DRUG not in {entry["drug"] for entry in made["patient"]["other"]}
    assert DRUG not in {entry["drug"] for entry in summary(made)["medicines"]}
    assert DRUG not in {row["drug"] for row in of_fhir(made)}
    assert not [c for c in cards.cards(made, cards.Indicators({})) if DRUG in c["summary"]]
    # The guidance itself is still listed, as it was given.
    (entry,) = [one for one in made["recommendations"] if one["drug"] == DRUG]
    assert (entry["action"], entry["standard"], entry["uneventful"]) == ("avoid", False, True)


def test_it_is_acted_on_where_the_person_takes_the_medicine():
    made = report(taken=True)
    assert DRUG in made["actions"]["taken"]
    assert [one["action"] for one in made["patient"]["medicines"] if one["drug"] == DRUG] == [
        "avoid"
    ]
    assert DRUG in {row["drug"] for row in of_fhir(made)}


def test_other_advice_against_it_is_acted_on():
    assert DRUG in report(guidance_id="G9")["actions"]["other"]
    second = recommendation("HG00276", DRUG, "DPWG", "monitor", genes=["GATE"], guidance_id="G8")
    assert DRUG in report(others=[second])["actions"]["other"]
