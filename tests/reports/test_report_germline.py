"""Hereditary findings in the report model: what is told, how it is confirmed, what is withheld."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hereditary_builders import (
    carrier,
    finding,
    gates,
    lists_pack,
    person,
    secondary,
    uncertain,
)
from report_builders import RUN, failed_tables, sample, tumor_sample, tumor_tables
from test_report_html import Page

from apothecary.reports import dashboard, html, model
from apothecary.reports.summary import summary
from apothecary.reports.words import load

WORDS = load()


def built(*rows, gates_of=(), run=None, sample_values=(), **decisions):
    one, tables = person(*rows, **decisions)
    tables["qc_gates"] = list(gates_of)
    return model.build_model({**one, **dict(sample_values)}, tables, lists_pack(), run or RUN)


@pytest.fixture(scope="module")
def whole():
    return built()


def by_gene(section):
    return {entry["gene"]: entry for entry in section}


def test_the_model_is_of_the_schema(whole, repository):
    schema = json.loads((repository / "workflow/schemas/report_model.schema.json").read_text())
    jsonschema.validate(whole, schema)


def test_findings_come_before_carriers_and_the_most_pathogenic_first(whole):
    told = whole["germline"]["findings"]
    assert [entry["gene"] for entry in told] == ["BRCA2", "LDLR", "MUTYH"]
    assert [entry["reported_as"] for entry in told] == ["finding", "finding", "carrier"]
    assert [entry["gene"] for entry in whole["germline_uncertain"]] == ["PALB2"]


def test_the_first_page_tells_what_to_do(whole):
    todo = by_gene(whole["actions"]["germline"])
    assert set(todo) == {"BRCA2", "LDLR"}
    expected = [WORDS(f"germline_todo.{key}") for key in ("confirm", "counselling", "relatives")]
    assert whole["actions"]["germline_steps"] == expected
    assert todo["BRCA2"]["doubts"] == []
    assert todo["LDLR"]["doubts"] == ["heterozygous with 0.22 of the reads, outside of 0.3 to 0.7"]
    (line,) = [one for one in whole["actions"]["headlines"] if "BRCA2" in one["text"]]
    assert line["weight"] == "act"
    assert "BRCA2 p.Ser1982ArgfsTer22 (Pathogenic)" in line["text"]
    assert WORDS("further.germline") in whole["further"]
    page = Page(html.render_sample(whole))
    first = "".join(page.texts).split(WORDS("section.contents"))[0]
    assert all(text in first for text in expected)


def test_a_carrier_and_what_nobody_understands_are_nothing_to_act_on():
    made = built(carrier(), uncertain())
    assert made["actions"]["germline"] == []
    weights = {line["text"]: line["weight"] for line in made["actions"]["headlines"]}
    assert weights[WORDS("headline.germline_carrier", genes="MUTYH")] == "note"
    assert not [text for text in weights if "PALB2" in text]
    assert made["germline"]["note"] is None


def test_what_clinvar_says_stands_beside_our_points(whole):
    entry = by_gene(whole["germline"]["findings"])["LDLR"]
    assert entry["class"] == "Likely pathogenic"
    assert entry["class_by_points"] == "Uncertain significance"
    assert entry["decided_by"] == "clinvar"
    assert entry["clinvar_text"].endswith("(stars: 2)")
    assert entry["disagreement"]
    shown = "".join(Page(html.render_sample(whole)).texts)
    assert entry["points_text"] in shown
    assert entry["clinvar_text"] in shown
    assert entry["disagreement"] in shown


def test_every_code_has_its_points_and_evidence(whole):
    entry = by_gene(whole["germline"]["findings"])["BRCA2"]
    told = [(line["code"], line["points"], line["evidence"]) for line in entry["ledger"]]
    assert told == [
        ("PVS1", "+8", "a frameshift that decays"),
        ("PM1", "+2", "at a residue that recurs"),
    ]
    shown = "".join(Page(html.render_sample(whole)).texts)
    assert all(part in shown for line in told for part in line)
    assert entry["not_assessed"][0] in shown


def test_the_version_of_the_list_stands_with_each_secondary_finding_and_where_none_was_found():
    entry = by_gene(built(secondary())["germline"]["findings"])["LDLR"]
    assert entry["secondary_words"]
    assert entry["list_text"] == "ACMG SF 3.3, the gene as of 3.1"
    newest = by_gene(built(secondary(list_version="3.3"))["germline"]["findings"])["LDLR"]
    assert newest["list_text"] == "ACMG SF 3.3"
    nothing = built(uncertain(reported_as=None))
    assert "ACMG SF 3.3" in nothing["germline"]["note"]
    assert any("ACMG SF 3.3" in line["text"] for line in nothing["actions"]["headlines"])
    shown = "".join(Page(html.render_sample(nothing)).texts)
    assert nothing["germline"]["note"] in shown
    assert "3.1: 2, 3.3: 1" in shown


def test_a_list_is_named_by_its_latest_version_as_numbers_go():
    pack = lists_pack()
    rows = pack.rows("germline_genes")
    rows.append({**rows[-1], "gene": "NEW1", "list_version": "3.10"})
    one, tables = person()
    lists = model.build_model(one, tables, pack, RUN)["germline"]["lists"]
    assert [(e["list"], e["version"], e["genes"]) for e in lists] == [
        ("predisposition", "0", 4),
        ("acmg_sf", "3.10", 4),
    ]


@pytest.mark.parametrize("decision", ["no", "unknown"])
def test_what_was_not_agreed_to_is_neither_looked_at_nor_counted(decision):
    made = built(germline=decision)
    assert [entry["list"] for entry in made["germline"]["lists"]] == ["acmg_sf"]
    assert set(by_gene(made["germline"]["findings"])) == {"LDLR"}
    assert made["germline_uncertain"] == []
    assert made["germline"]["summary"][0] == WORDS("germline.classified", count=1)
    text = json.dumps({**made, "words": {}})
    for name in ("PALB2", "MUTYH", "FUT1", "32340300"):
        assert name not in text
    neither = built(germline=decision, secondary_findings=decision)
    assert neither["germline"]["lists"] == []
    (part,) = [part for part in neither["outline"] if part["part"] == "germline"]
    assert part["note"] == WORDS("headline.germline_withheld")
    text = json.dumps({**neither, "words": {}})
    assert not [name for name in ("BRCA2", "LDLR", "PLN", "ACMG SF") if name in text]


def test_a_run_without_a_sheet_of_consent_looks_at_nothing():
    one, tables = person()
    tables["consent"] = []
    made = model.build_model(one, tables, lists_pack(), {**RUN, "consent_asked": False})
    assert made["germline"]["lists"] == []
    assert made["actions"]["germline"] == []


def test_pharmacogenes_withheld_leave_the_hereditary_findings():
    made = built(pharmacogenes="no")
    texts = [line["text"] for line in made["actions"]["headlines"]]
    assert WORDS("headline.pharmacogenes_withheld") in texts
    assert any("BRCA2" in text for text in texts)


def test_a_tumor_and_a_failed_sample_have_none_and_say_why():
    tumor = model.build_model(tumor_sample(), tumor_tables(), lists_pack(), RUN)
    (part,) = [part for part in tumor["outline"] if part["part"] == "germline"]
    assert part["note"] == WORDS("not_assessed.germline_not_applicable")
    tables = {**failed_tables("HG00276"), "germline_findings": [finding()]}
    tables["consent"] = person()[1]["consent"]
    failed = model.build_model(sample(), tables, lists_pack(), RUN)
    assert failed["germline"] == {"note": None, "lists": [], "summary": [], "findings": []}
    assert failed["actions"]["germline"] == []


def test_genes_without_a_finding_stand_by_what_is_known_of_their_coverage():
    made = built(finding(), gates_of=gates(PALB2="pass", MUTYH="warn", LDLR="not_assessed"))
    told = {group["state"]: group["genes"] for group in made["germline_genes"]["groups"]}
    assert told == {
        "not_covered": ["LDLR"],
        "not_known": ["FUT1", "PLN"],
        "partly": ["MUTYH"],
        "covered": ["PALB2"],
    }


def test_a_gene_without_a_place_in_the_build_was_not_read():
    one, tables = person(finding())
    for outcome in tables["outcomes"]:
        outcome["build"] = "GRCh37"
    made = model.build_model(one, tables, lists_pack(), RUN)
    first = made["germline_genes"]["groups"][0]
    assert (first["state"], first["genes"]) == ("not_read", ["FUT1"])


def test_what_is_in_the_table_only_is_counted_by_what_it_is():
    hidden = {"reported_as": None, "reportable": False}
    rows = [
        uncertain(pos=1, **hidden),
        uncertain(pos=2, consequence=None, **hidden),
        uncertain(pos=3),
        finding(pos=4, decided_class="Likely benign", **hidden),
        finding(pos=5),
    ]
    made = built(*rows)
    assert made["germline"]["summary"] == [
        WORDS("germline.classified", count=5),
        WORDS("germline.uncertain", count=2),
        WORDS("germline.others", count=1),
        WORDS("germline.unnamed", count=1),
    ]
    assert len(made["germline_uncertain"]) == len(made["germline"]["findings"]) == 1


def test_what_no_list_asks_for_is_counted_without_its_gene():
    made = built(finding(), secondary(gene="HIDDEN", reported_as=None, reportable=False))
    assert WORDS("germline.others", count=1) in made["germline"]["summary"]
    assert "HIDDEN" not in json.dumps({**made, "words": {}})


def test_conditions_are_told_once_those_of_the_list_of_secondary_findings_first():
    panel = (
        "Breast cancer, OMIM:114480;breast cancer, 114480; Fanconi anemia, complementation group D1"
        ";Wilms tumor, OMIM:194070;Wilms Tumor;Sarcoma, MONDO:0005089; ;Glioblastoma 3, OMIM:613029"
    )
    both = finding(condition=panel, lists=["acmg_sf", "predisposition"], list_version="3.1")
    (entry,) = built(both)["germline"]["findings"]
    assert entry["conditions"] == [
        "Hereditary cancer",
        "Breast cancer",
        "Fanconi anemia, complementation group D1",
        "Wilms tumor",
        "Sarcoma",
        "Glioblastoma 3",
    ]
    shown = "Hereditary cancer; Breast cancer; Fanconi anemia, complementation group D1; and 3 more"
    assert entry["condition"] == shown
    alone = built(both, secondary_findings="no")["germline"]["findings"]
    assert alone[0]["conditions"][0] == "Breast cancer"
    (none,) = built(finding(gene="FUT1", condition=None))["germline"]["findings"]
    assert (none["condition"], none["conditions"]) == (None, [])


def test_the_dashboard_has_numbers_of_persons_and_nothing_else():
    found = {
        name: {**summary(built(*rows, **decisions)), "sample_id": name, "subject_id": f"P-{name}"}
        for name, rows, decisions in (
            ("A", (finding(), secondary()), {}),
            ("B", (carrier(),), {"secondary_findings": "no"}),
            ("C", (finding(),), {"germline": "no", "secondary_findings": "no"}),
        )
    }
    # A second sample of the first person.
    found["D"] = {**found["A"], "sample_id": "D"}
    rows = [sample(name, row=n) for n, name in enumerate(found, start=2)]
    links = dict.fromkeys(found, "reports/b/A.html")
    made = dashboard.build(rows, found, links, {})
    told = [(row["agreed"], row["findings"], row["carriers"]) for row in made["germline"]]
    assert told == [(2, 1, 1), (1, 1, 0)]
    text = dashboard.render(made)
    assert not [name for name in ("BRCA2", "LDLR", "MUTYH") if name in text]
