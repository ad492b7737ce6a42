"""The FDA's tables of associations: facts by phenotype, and wordings that are not read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from apothecary.errors import ResourceError
from apothecary.knowledge.importers import fda

HEAD = "Drug,Gene,Affected Subgroups+,Description of Gene-Drug Interaction\n"
MANAGEMENT = (
    "Table_of_Pharmacogenetic_Associations_Support_Therapeutic_Management_Recommendations.csv"
)


def _table(folder: Path, text: str, name: str = MANAGEMENT) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("gene", "wording", "keys"),
    [
        (
            "CYP2D6",
            "ultrarapid, intermediate, or poor metabolizers",
            ("Ultrarapid Metabolizer", "Intermediate Metabolizer", "Poor Metabolizer"),
        ),
        (
            "CYP2C19",
            "intermediate or poor metabolizers",
            ("Intermediate Metabolizer", "Poor Metabolizer"),
        ),
        ("CYP2D6", "Poor metabolizers", ("Poor Metabolizer",)),
        ("SLCO1B1", "521 CC (poor function transporters)", ("Poor Function",)),
        (
            "SLCO1B1",
            "521 TC or 521 CC (intermediate or poor function transporters)",
            ("Decreased Function", "Poor Function"),
        ),
        ("UGT1A1", "*28/*28 (poor metabolizers)", ("Poor Metabolizer",)),
        ("HLA-B", "*57:01 allele positive", ("*57:01 positive",)),
        ("G6PD", "deficient", ("Deficient", "Deficient with CNSHA")),
        ("TPMT", "deficient", ()),
        ("CYP2D6", "patients who are not poor metabolizers", ()),
        ("CYP2D6", "poor metabolizers taking an inhibitor", ()),
        ("CYP4F2", "V433M variant carriers", ()),
        ("CYP2D6", "", ()),
    ],
)
def test_subgroups_are_read_only_when_they_are_a_list_of_phenotypes(gene, wording, keys):
    assert fda.keys_of(gene, wording) == keys


def test_rows(tmp_path: Path):
    text = HEAD + (
        'Madeupine,CYP2D6,"intermediate or poor metabolizers",<b>Higher</b> exposure.\n'
        "Otherine,CYP4F2,V433M variant carriers,May need more.\n"
        'Manyine,"CYP2C9, VKORC1",poor metabolizers,Two genes.\n'
    )
    dated = MANAGEMENT.replace(".csv", "_2024-10-22.csv")
    tables = fda.import_associations([_table(tmp_path, text, dated)], "fda", with_text=True)
    made = {row["drug"]: row for row in tables["guidance"]}
    assert {row["action"] for row in made.values()} == {"see_guideline"}
    assert {row["guideline_version"] for row in made.values()} == {"2024-10-22"}
    assert made["madeupine"]["strength"] == "Therapeutic management"
    assert made["madeupine"]["population"] is None
    assert made["otherine"]["population"] == "V433M variant carriers"
    assert made["manyine"]["genes"] == ["CYP2C9", "VKORC1"]
    assert [(row["drug"], row["gene"], row["key"]) for row in tables["guidance_keys"]] == [
        ("madeupine", "CYP2D6", "Intermediate Metabolizer"),
        ("madeupine", "CYP2D6", "Poor Metabolizer"),
    ]
    assert tables["guidance_text"][0]["text"] == "<b>Higher</b> exposure."
    without = fda.import_associations([_table(tmp_path, text)], "fda")
    assert without["guidance_text"] == []
    assert without["guidance"][0]["guideline_version"] == "undated"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("associations.csv", HEAD, "the name tells no section"),
        (MANAGEMENT, "Drug,Gene\n", "columns drug, gene"),
        (MANAGEMENT, "", "columns none"),
        (MANAGEMENT, HEAD + "A,B\n", "row 2: 2 columns; 4 columns"),
    ],
)
def test_another_file_is_told(tmp_path, name, text, told):
    with pytest.raises(ResourceError, match=told):
        fda.import_associations([_table(tmp_path, text, name)], "fda")


FACTS_HEAD = (
    "section\tdrug\tgene\tsubgroups\tkeys\talleles\tpopulation\teffects\taction\tdose_change\n"
)


def _facts(folder: Path, *rows: str) -> Path:
    path = folder / "fda_facts.tsv"
    path.write_text(FACTS_HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_facts_become_fields(tmp_path: Path):
    path = _facts(
        tmp_path,
        "Therapeutic management\tmadeupine\tCYP2D6\tboth\tIntermediate Metabolizer|Poor Metabolizer"
        "\t\tadults\thigher exposure|higher risk\tchange_dose\t50 %",
        "Therapeutic management\tmadeupine\tCYP2D6\t*4/*4\t\t*4:2\t\thigher exposure\tavoid\t",
        "Safety or response\totherine\tCYP4F2\tV433M variant carriers\t\t\t\thigher risk"
        "\tmonitor\t",
    )
    made = fda.import_facts(path, "facts", "2020-02-25")
    by_action = {row["action"]: row for row in made["guidance"]}
    dose, avoid, monitor = (by_action[name] for name in ("change_dose", "avoid", "monitor"))
    assert (dose["dose_change"], dose["population"]) == ("50 %", "adults")
    assert dose["effects"] == ["higher exposure", "higher risk"]
    assert {row["source"] for row in made["guidance"]} == {"FDA"}
    assert {row["guideline_version"] for row in made["guidance"]} == {"2020-02-25"}
    # Rows of one medicine and gene are one guideline; a row without keys stands for itself.
    assert dose["guideline_id"] == avoid["guideline_id"] == "FDA madeupine CYP2D6"
    assert monitor["guideline_id"] == monitor["guidance_id"]
    assert (monitor["population"], avoid["population"]) == ("V433M variant carriers", None)
    assert [(r["key"], r["key_kind"], r["allele_count"]) for r in made["guidance_keys"]] == [
        ("Intermediate Metabolizer", "value", None),
        ("Poor Metabolizer", "value", None),
        ("*4", "allele", 2.0),
    ]
    assert len({row["guidance_id"] for row in made["guidance"]}) == 3


def test_facts_without_a_column_are_told(tmp_path: Path):
    path = tmp_path / "fda_facts.tsv"
    path.write_text("section\tdrug\n", encoding="utf-8")
    with pytest.raises(ResourceError, match=r"fda_facts\.tsv"):
        fda.import_facts(path, "facts", "2020-02-25")


def test_the_curated_facts_agree_with_their_subgroups(repository: Path):
    """Keys read by the importer from the FDA's wording are those that the facts carry."""
    path = repository / "resources" / "knowledge" / "curation" / "fda_facts.tsv"
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    read = [(row, fda.keys_of(row["gene"], row["subgroups"])) for row in rows]
    compared = [(row, keys) for row, keys in read if keys and row["keys"]]
    assert len(compared) > 100
    for row, keys in compared:
        assert set(row["keys"].split("|")) == set(keys), row
    actions = {
        "avoid",
        "alternative",
        "change_dose",
        "monitor",
        "no_recommendation",
        "see_guideline",
        "standard_dosing",
    }
    assert {row["action"] for row in rows} <= actions
