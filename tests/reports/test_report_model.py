"""The report model: its schema, its sections and what it must say in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from report_builders import (
    RUN,
    MadePack,
    Row,
    consent,
    diplotype,
    failed_tables,
    germline_tables,
    pack,
    phenotype,
    recommendation,
    row,
    sample,
    site,
    tumor_sample,
    tumor_tables,
)

from apothecary import schemas, tables
from apothecary.reports import exports, html, model, sections, summary
from apothecary.reports.sections import findings

CASES = {
    "germline": (sample(), germline_tables()),
    "tumor": (tumor_sample(), tumor_tables()),
    "failed": (sample("BAD"), failed_tables("BAD")),
    "no outcome": (sample("NONE"), {}),
}


@pytest.fixture(scope="module")
def validator(repository: Path) -> jsonschema.Draft202012Validator:
    path = repository / "workflow" / "schemas" / "report_model.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def built(name: str = "germline"):
    return model.build_model(*CASES[name], pack(), RUN)


@pytest.mark.parametrize("name", CASES)
def test_the_model_is_what_its_schema_says(name, validator):
    made = built(name)
    assert [f"{list(e.path)} {e.message}" for e in validator.iter_errors(made)] == []
    assert json.loads(json.dumps(made)) == made


def test_the_schema_refuses_a_key_that_it_does_not_know(validator):
    made = built()
    made["genes"][0]["surprise"] = 1
    assert not validator.is_valid(made)


def test_the_sections_are_the_same_whatever_the_input():
    assert len({tuple(built(name)) for name in CASES}) == 1


def test_every_finding_has_an_identifier_of_its_own():
    for name in ("germline", "tumor"):
        ids = findings(built(name))
        assert len(ids) == len(set(ids)) > 5


def test_positions_that_are_missing_name_the_alleles_that_may_hide_there():
    (entry,) = built()["not_assessed"]["genes"]
    assert entry["gene"] == "CYP2B6"
    assert (entry["missing"], entry["positions"]) == (3, 43)
    assert entry["missing_positions"] == ["rs41009300", "rs41009301", "rs41009302"]
    assert entry["not_excludable"] == ["*4", "*6", "*26", "*34", "*36"]


def test_genes_without_a_call_stand_with_their_reason():
    entries = {e["gene"]: e["reason"] for e in built()["not_assessed"]["not_called"]}
    assert set(entries) == {"TPMT", "CYP2D6", "HLA-B"}
    assert entries["TPMT"] == "An undocumented base was read at rs1142345."


def test_an_outside_call_is_not_told_as_missing():
    rows = germline_tables()
    rows["diplotypes"].append(diplotype("HG00276", "CYP2D6", 1, "*4/*5", method="outside"))
    rows["phenotypes"].append(phenotype("HG00276", "CYP2D6", 1, "Poor Metabolizer"))
    made = model.build_model(sample(), rows, pack(), RUN)
    assert "CYP2D6" not in {e["gene"] for e in made["not_assessed"]["not_called"]}


def test_a_phase_that_reads_tell_is_told_with_its_fragments(validator):
    rows = germline_tables()
    told = {"allele_2": "T", "phased": True, "phase_set": "reads:1", "phase_source": "reads"}
    rows["sites"] = [
        site("HG00276", "SLCO1B1", 1, "called", phase_reads=9, **told),
        site("HG00276", "SLCO1B1", 2, "called", phase_reads=9, **told),
        site("HG00276", "SLCO1B1", 3, "called", **{**told, "phase_source": "file"}),
    ]
    made = model.build_model(sample(), rows, pack(), RUN)
    validator.validate(made)
    texts = {entry["gene"]: entry["phase_reads_text"] for entry in made["genes"]}
    told = "read-backed: 2 positions in 1 phase set, linked by at least 9 fragments"
    assert texts.pop("SLCO1B1") == told
    assert set(texts.values()) == {""}
    assert told in html.render_sample(made)
    (gene,) = made["sites"]
    assert [entry["phase_source"] for entry in gene["variants"]] == ["reads", "reads", "file"]


def test_a_posterior_is_told_with_its_credible_set(validator):
    rows = germline_tables()
    for name in ("diplotypes", "phenotypes"):
        rows[name] = [one for one in rows[name] if one["gene"] != "CYP2B6"]
    shared = {
        "method": "posterior",
        "decision": "indeterminate",
        "reason": "rs2279343 was not assessed; *6 and *9 cannot be told apart",
        "credible_set": ["*1/*6 0.8100", "*1/*9 0.1850"],
        "phenotype_posterior": 0.995,
    }
    rows["diplotypes"] += [
        diplotype("HG00276", "CYP2B6", 1, "*1/*6", posterior=0.81, **shared),
        diplotype("HG00276", "CYP2B6", 2, "*1/*9", posterior=0.185, **shared),
    ]
    rows["phenotypes"] += [
        phenotype("HG00276", "CYP2B6", 1, "Intermediate Metabolizer", posterior=0.995)
    ]
    rows["recommendations"].append(
        recommendation("HG00276", "efavirenz", "CPIC", "change_dose", posterior=0.995)
    )
    made = model.build_model(sample(), rows, pack(), RUN)
    validator.validate(made)
    (gene,) = [entry for entry in made["genes"] if entry["gene"] == "CYP2B6"]
    assert gene["decision"] == "indeterminate"
    assert gene["diplotype_text"] == "Indeterminate: *1/*6 or *1/*9"
    assert gene["posterior_text"] == "posterior 0.81, of the phenotype 0.995"
    assert gene["credible_text"] == "credible set: *1/*6 0.8100, *1/*9 0.1850"
    assert not any("fit equally well" in text for text in gene["warnings"])
    told = [
        row
        for medicine in made["recommendations"]
        for source in medicine["sources"]
        for row in source["rows"]
        if row["drug"] == "efavirenz"
    ]
    assert [row["posterior"] for row in told] == [None, 0.995]


def test_withheld_scopes_are_named_without_their_genes():
    rows = germline_tables()
    rows["consent"] = consent("P-HG00276", pharmacogenes="no", secondary_findings="unknown")
    pharmacogenes = ("sites", "diplotypes", "phenotypes", "recommendations", "variants")
    for name in (*pharmacogenes, "interactions", "doses"):
        rows[name] = []
    made = model.build_model(sample(), rows, pack(), RUN)
    scopes = {e["scope"]: e["decision"] for e in made["not_assessed"]["withheld"]}
    assert scopes == {"pharmacogenes": "no", "germline": "unknown", "secondary_findings": "unknown"}
    told = json.dumps({key: value for key, value in made.items() if key != "words"})
    for gene in ("CYP2D6", "CYP2C19", "HLA-B", "TPMT"):
        assert gene not in told
    assert made["actions"]["headlines"] == [
        {"weight": "note", "text": made["words"]["headline.pharmacogenes_withheld"]}
    ]


def test_a_gene_of_the_germline_lists_is_not_named_when_those_are_withheld():
    made_pack = MadePack(
        pgx_genes=[{"gene": "MT-RNR1", "kind": "outside_only", "research": False}],
        germline_genes=[
            {"gene": "MT-RNR1", "list_id": name, "list_version": "1", "source_id": "x"}
            for name in ("acmg_sf", "predisposition")
        ],
    )
    rows = {"outcomes": germline_tables()["outcomes"], "consent": consent("P-1")}
    rows["consent"] = consent("P-HG00276", pharmacogenes="yes", germline="yes")
    withheld = model.build_model(sample(), rows, made_pack, RUN)
    rows["consent"] += consent("P-HG00276", secondary_findings="yes")
    granted = model.build_model(sample(), rows, made_pack, RUN)
    assert withheld["not_assessed"]["not_called"] == []
    assert [e["gene"] for e in granted["not_assessed"]["not_called"]] == ["MT-RNR1"]


def test_medicines_taken_come_first_then_those_with_an_action_by_urgency():
    actions = built()["actions"]
    assert actions["taken"] == ["clopidogrel"]
    assert actions["taken_unmatched"] == ["metformin"]
    assert actions["other"] == ["simvastatin", "amitriptyline", "voriconazole"]
    assert actions["see_guideline"] == ["omeprazole"]


def test_sources_stand_side_by_side_and_are_not_merged():
    (entry,) = [e for e in built()["recommendations"] if e["drug"] == "clopidogrel"]
    shown = {s["source"]: [r["action"] for r in s["rows"]] for s in entry["sources"]}
    assert shown == {"CPIC": ["avoid", "alternative"], "DPWG": ["alternative"]}
    assert entry["action"] == "avoid"


def test_text_of_a_source_is_plain_and_links_lead_to_the_web_only():
    rows = germline_tables()
    rows["recommendations"] = [
        recommendation(
            "HG00276",
            "x",
            "CPIC",
            "avoid",
            text="<p>One <b>word</b></p><script>alert(1)</script><p>a &lt; b</p>",
            link="javascript:alert(1)",
        )
    ]
    (entry,) = model.build_model(sample(), rows, pack(), RUN)["recommendations"]
    (shown,) = entry["sources"][0]["rows"]
    assert shown["text"] == ["One word", "a < b"]
    assert shown["link"] is None


def test_no_actionable_finding_is_not_told_as_normal():
    rows = germline_tables()
    for name in ("clinical", "medicines", "interactions"):
        rows[name] = []
    rows["recommendations"] = [recommendation("HG00276", "x", "CPIC", "standard_dosing")]
    actions = model.build_model(sample(), rows, pack(), RUN)["actions"]
    assert "does not mean that every result is normal" in actions["note"]
    tumor = tumor_tables()
    tumor["actionability"] = []
    text = model.build_model(tumor_sample(), tumor, pack(), RUN)["actions"]["note"]
    assert "does not mean" in text


def test_resistance_stands_beside_sensitivity_and_a_vetoed_therapy_says_so():
    (entry,) = built("tumor")["actions"]["therapies"]
    assert entry["alteration"] == "BRAF V600E"
    assert [t["therapies"] for t in entry["sensitivity"]] == [
        "Encorafenib + Cetuximab",
        "Vemurafenib",
    ]
    assert entry["sensitivity"][1]["vetoed_by"] == ["EID102"]
    assert [t["therapies"] for t in entry["resistance"]] == ["Cetuximab"]


def test_resistance_of_the_best_tier_is_never_left_to_the_details():
    from report_builders import evidence

    rows = tumor_tables()
    rows["actionability"] = [
        evidence("T001", f"EID{n}", "I", therapies=[f"Drug{n:02}"], effect="resistant")
        for n in range(11)
    ]
    (entry,) = model.build_model(tumor_sample(), rows, pack(), RUN)["actions"]["therapies"]
    assert len(entry["resistance"]) == 11
    assert entry["resistance_more"] is None


def test_tiers_that_are_withheld_lead_to_no_therapy():
    rows = tumor_tables()
    for item in rows["actionability"]:
        item["tier"] = "withheld"
    actions = model.build_model(tumor_sample(), rows, pack(), RUN)["actions"]
    assert actions["therapies"] == []
    assert [line["weight"] for line in actions["headlines"]] == ["note"]


def test_variants_without_a_name_are_counted_for_the_tumor():
    steps = {s["step"]: s["reason"] for s in built("tumor")["not_assessed"]["steps"]}
    assert steps["consequences"].startswith("Consequences of 1 variant were not named")
    assert "fusions" in steps
    assert "copy_number" not in steps


def test_settings_that_hide_variants_are_told_as_limitations():
    run = {**RUN, "pharmacogenes": {"mode": "compatible", "absent_is_reference": True}}
    made = model.build_model(*CASES["germline"], pack(), run)
    assert made["words"]["limitations.absent_is_reference"] in made["limitations"]
    assert made["words"]["limitations.absent_is_reference"] not in built()["limitations"]


def test_variants_present_but_not_used_are_listed_with_gene_and_reason():
    (entry,) = built()["fates"]["failed"]
    assert (entry["gene"], entry["fate"], entry["vaf"]) == ("DPYD", "filtered", 0.429)
    assert entry["reason"] == "FILTER is lowq"


@pytest.mark.parametrize("name", ["failed", "no outcome"])
def test_a_failed_sample_has_the_reason_and_no_finding(name):
    made = built(name)
    assert made["status"] == "failed"
    assert made["failure"]
    assert findings(made) == []
    assert made["actions"]["headlines"][0]["text"] == made["words"]["headline.failed"]


def test_characters_that_cannot_be_printed_are_shown_as_escapes():
    made = model.build_model(sample(subject_id="a\u202eb\nc\x00"), {}, pack(), RUN)
    assert made["identity"]["subject_id"] == "a\\u202eb\\nc\\x00"


def test_clinical_facts_are_of_the_own_subject_only():
    rows = germline_tables()
    rows["clinical"].append(
        row(schemas.CLINICAL, subject_id="P-OTHER", item="medicine", value="warfarin")
    )
    made = model.build_model(sample(), rows, pack(), RUN)
    assert "warfarin" not in {c["value"] for c in made["identity"]["clinical"]}


def test_models_of_a_batch_are_those_of_its_samples():
    one, two = germline_tables("A1"), germline_tables("B2")
    tumor = tumor_tables("T1")
    arrow = {}
    for name in model.TABLES:
        rows = [*one.get(name, []), *two.get(name, []), *tumor.get(name, [])]
        arrow[name] = tables.to_arrow(schemas.TABLES[name], rows)
    samples = [sample("B2"), sample("A1"), tumor_sample("T1")]
    made = list(model.models(samples, arrow, pack(), RUN))
    assert [m["identity"]["sample_id"] for m in made] == ["B2", "A1", "T1"]
    assert made[1] == model.build_model(sample("A1"), one, pack(), RUN)
    assert made[2] == model.build_model(tumor_sample("T1"), tumor, pack(), RUN)


def test_the_bytes_do_not_depend_on_the_hash_seed(tmp_path, repository):
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from report_builders import *; from apothecary.reports import model, write;"
        "cases = [(sample(), germline_tables()), (tumor_sample(), tumor_tables())];"
        "write.write_reports(sys.argv[2], (model.build_model(*c, pack(), RUN) for c in cases))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"Etc/GMT-{seed}"}
        environment["PYTHONPATH"] = str(repository / "scripts")
        arguments = [sys.executable, "-c", program, str(Path(__file__).parent)]
        subprocess.run([*arguments, str(tmp_path / seed)], check=True, env=environment)
    first = {p.name: p.read_bytes() for p in (tmp_path / "1").iterdir()}
    second = {p.name: p.read_bytes() for p in (tmp_path / "2").iterdir()}
    assert first == second
    assert {"HG00276.html", "HG00276.xlsx", "T001.json", "T001.tumor.tsv"} <= set(first)


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("compatible", "*1/*1 (small variants only)"),
        ("posterior", "*1/*1 (small variants only)"),
        ("outside", "*1/*1"),
    ],
)
def test_a_gene_that_small_variants_do_not_show_whole_is_marked_wherever_it_is_named(method, text):
    known = pack()
    rule = {"gene": "CYP2D6", "rule": "unseen", "value": "copy number", "source_id": "cpic"}
    known._tables["pgx_rules"] = [rule]
    rows = germline_tables()
    called = diplotype("HG00276", "CYP2D6", 1, "*1/*1", method=method)
    kept = [row for row in rows["diplotypes"] if row["gene"] != "CYP2D6"]
    rows["diplotypes"] = [*kept, called]
    made = model.build_model(sample(), rows, known, RUN)["genes"]
    (gene,) = [entry for entry in made if entry["gene"] == "CYP2D6"]
    assert gene["diplotype_text"] == text


def test_doses_are_told_with_their_units_or_refused():
    shown = {entry["model"]: (entry["dose"], entry["refused"]) for entry in built()["doses"]}
    assert shown == {
        "iwpc_clinical": ("30.48 mg/day", None),
        "a range": ("0.3 to 0.8 mg/day", None),
        "a highest dose": ("at most 21 mg/day", None),
        "gage_clinical": ("No dose", "age_years is not given"),
    }


def test_a_conflict_that_converts_comes_first():
    rows = germline_tables()
    (weak,) = rows["interactions"]
    strong = {**weak, "drug": "codeine", "enzyme": "CYP2D6", "by": "paroxetine"}
    strong |= {"strength": "strong", "clinical_phenotype": "Poor Metabolizer"}
    rows["interactions"] = [weak, strong]
    made = model.build_model(sample(), rows, pack(), RUN)
    assert [entry["by"] for entry in made["interactions"]] == ["paroxetine", "metformin"]
    first = made["actions"]["headlines"][0]
    assert first["weight"] == "act"
    assert first["text"] == (
        "paroxetine changes what the genes say for codeine: with it, CYP2D6 counts as "
        "Poor Metabolizer."
    )


def test_the_first_lines_name_the_genes_that_are_indeterminate():
    rows = germline_tables()
    first = rows["diplotypes"][0]
    rows["diplotypes"][0] = {**first, "decision": "indeterminate", "posterior": 0.6}
    made = model.build_model(sample(), rows, pack(), RUN)
    (line,) = [e for e in made["actions"]["headlines"] if "indeterminate" in e["text"]]
    assert line["weight"] == "note"
    assert line["text"].startswith(f"1 gene is indeterminate ({first['gene']}): the candidates")
    plain = model.build_model(sample(), germline_tables(), pack(), RUN)
    assert not any("indeterminate" in e["text"] for e in plain["actions"]["headlines"])


def test_a_medicine_that_is_not_in_the_dictionary_is_reported():
    rows = germline_tables()
    unknown = {**rows["medicines"][0], "medicine": "some tea", "drug": None, "note": "not there"}
    rows["medicines"] = [*rows["medicines"], unknown]
    made = model.build_model(sample(), rows, pack(), RUN)
    assert made["actions"]["taken_unknown"] == ["some tea"]
    (line,) = [e for e in made["actions"]["headlines"] if "some tea" in e["text"]]
    assert line["weight"] == "act"
    assert {e["medicine"]: e["note"] for e in made["medicines_given"]}["some tea"] == "not there"
    plain = model.build_model(sample(), germline_tables(), pack(), RUN)
    assert plain["actions"]["taken_unknown"] == []


def with_research_gene() -> dict[str, list[Row]]:
    rows = germline_tables()
    rows["sites"] = [
        *rows["sites"],
        site("HG00276", "CYP1A2", 74_749_576, "called", allele_1="C", allele_2="A"),
        site("HG00276", "CYP1A2", 74_749_801, "not_assessed"),
    ]
    called = diplotype(
        "HG00276", "CYP1A2", 1, "*1A/*1F", missing_sites=["chr10:74749801:C"], warnings=["a remark"]
    )
    rows["diplotypes"] = [*rows["diplotypes"], called]
    answer = phenotype("HG00276", "CYP1A2", 1, "n/a", function_1="Normal function")
    rows["phenotypes"] = [*rows["phenotypes"], answer]
    return rows


def test_research_genes_stand_apart_one_line_each():
    plain = model.build_model(sample(), germline_tables(), pack(), RUN)
    made = model.build_model(sample(), with_research_gene(), pack(), RUN)
    (entry,) = made["research_genes"]
    assert entry["finding"] == "research_gene:CYP1A2"
    assert (entry["diplotype"], entry["functions"]) == ("*1A/*1F", "Normal function")
    assert (entry["missing"], entry["positions"]) == (1, 2)
    assert entry["missing_text"] == "1 of 2 not assessed"
    assert entry["remarks"] == ["a remark"]
    for section in ("genes", "sites", "recommendations", "actions"):
        assert made[section] == plain[section], section
    for part in ("genes", "not_called"):
        assert made["not_assessed"][part] == plain["not_assessed"][part]
    lines = [e["reason"] for e in made["not_assessed"]["steps"] if e["step"] == "research_genes"]
    assert lines == [
        "Research genes: 1 of 1 called; 1 of their 2 positions were not assessed. "
        "They stand in a section of their own."
    ]
    assert plain["research_genes"] == []
    assert not [e for e in plain["not_assessed"]["steps"] if e["step"] == "research_genes"]


def test_research_genes_are_in_no_summary_of_a_run():
    made = model.build_model(sample(), with_research_gene(), pack(), RUN)
    short = summary.summary(made)
    assert "CYP1A2" not in {gene["gene"] for gene in short["genes"]}
    assert "CYP1A2" not in short["incomplete"]


def test_every_view_has_the_research_genes():
    made = model.build_model(sample(), with_research_gene(), pack(), RUN)
    page = html.render_sample(made)
    assert 'data-finding="research_gene:CYP1A2"' in page
    assert 'href="#research-genes"' in page
    (section,) = [one for one in sections.SECTIONS if one.name == "research_genes"]
    assert "research_gene:CYP1A2\tCYP1A2\t*1A/*1F" in exports.tsv(section, made)
    without = html.render_sample(model.build_model(sample(), germline_tables(), pack(), RUN))
    assert "research_gene:" not in without
