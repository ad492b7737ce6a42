"""The FDA's tables of associations: facts by phenotype, and wordings that are not read."""

from __future__ import annotations

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
