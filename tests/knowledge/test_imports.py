"""Evidence and approvals that a user imports: built inputs, the files at hand, and the folder."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_builders import small_tables, write_tables

from apothecary import cli
from apothecary.errors import ResourceError
from apothecary.knowledge import build, imports, tsv
from apothecary.knowledge.imported_schemas import IMPORTED_APPROVALS, IMPORTED_EVIDENCE
from apothecary.knowledge.importers import imported, moalmanac, oncokb
from apothecary.oncogenes import profiles

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
LEVELS = imported.read_levels(RESOURCES / "evidence_levels.tsv")
Row = dict[str, Any]


def assertion(**changes: Any) -> Row:
    row = {
        "feature_type": "Somatic Variant",
        "gene": "MADE1",
        "protein_change": "p.V10E",
        "cdna_change": "c.29T>A",
        "exon": "2",
        "variant_annotation": "Missense",
        "disease": "Lung Adenocarcinoma",
        "oncotree_code": "LUAD",
        "therapy_name": "Madeupinib",
        "therapy_sensitivity": 1,
        "therapy_resistance": "",
        "favorable_prognosis": "",
        "predictive_implication": "FDA-Approved",
        "pmid": "",
        "url": "https://example.org",
        "last_updated": "2024-05-06",
        "_deprecated": False,
        "assertion_id": 7,
    }
    return {**row, **changes}


def read_database(folder: Path, *items: Row) -> imported.Import:
    path = folder / "database.json"
    path.write_text(json.dumps(list(items)))
    return moalmanac.import_database(path, LEVELS)


def test_an_assertion_becomes_evidence(tmp_path: Path) -> None:
    found = read_database(tmp_path, assertion(therapy_name="A + B"))
    assert found.version == "2024-05-06"
    assert found.evidence == [
        {
            "evidence_id": "MOA7",
            "molecular_profile": "MADE1 V10E",
            "disease": "Lung Adenocarcinoma",
            "oncotree_code": "LUAD",
            "therapies": ["A", "B"],
            "therapy_interaction": "Combination",
            "evidence_type": "Predictive",
            "direction": "Supports",
            "level": "A",
            "source_level": "FDA-Approved",
            "significance": "Sensitivity/Response",
            "rating": None,
            "origin": "Somatic",
            "citation": None,
            "link": "https://example.org",
            "source_id": "moalmanac",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"protein_change": ""}, "MADE1 c.29T>A"),
        (
            {"protein_change": "", "cdna_change": "", "variant_annotation": "Deletion"},
            "MADE1 Exon 2 Deletion",
        ),
        ({"protein_change": "", "cdna_change": "", "variant_annotation": "Missense"}, None),
        (
            {"protein_change": "", "cdna_change": "", "exon": "", "variant_annotation": "Nonsense"},
            "MADE1 Truncating Mutation",
        ),
        (
            {"protein_change": "", "cdna_change": "", "exon": "", "variant_annotation": ""},
            "MADE1 Mutation",
        ),
        (
            {"feature_type": "Rearrangement", "gene1": "AAA", "gene2": "BBB",
             "rearrangement_type": ""},
            "AAA::BBB Fusion",
        ),
        (
            {"feature_type": "Rearrangement", "gene1": "AAA", "gene2": "",
             "rearrangement_type": "Fusion"},
            "AAA Fusion",
        ),
        (
            {"feature_type": "Rearrangement", "gene1": "AAA", "gene2": "",
             "rearrangement_type": "Translocation"},
            "AAA Rearrangement",
        ),
        ({"feature_type": "Copy Number", "direction": "Amplification"}, "MADE1 Amplification"),
        ({"feature_type": "Copy Number", "gene": "", "direction": "Deletion"}, None),
        ({"feature_type": "Microsatellite Stability", "status": "MSI-High"}, "MSI High"),
        ({"feature_type": "Mutational Burden", "classification": "High"}, "TMB High"),
        ({"feature_type": "Knockdown"}, None),
    ],
)  # fmt: skip
def test_a_feature_becomes_a_profile_or_is_counted(
    tmp_path: Path, changes: Row, name: str | None
) -> None:
    found = read_database(tmp_path, assertion(**changes))
    assert [row["molecular_profile"] for row in found.evidence] == ([name] if name else [])
    assert sum(found.left_out.values()) == (0 if name else 1)


def test_what_does_not_support_and_what_resists_is_told_so(tmp_path: Path) -> None:
    found = read_database(
        tmp_path,
        assertion(therapy_sensitivity=0, therapy_resistance=1, favorable_prognosis=0),
        assertion(assertion_id=8, _deprecated=True),
        assertion(assertion_id=9, therapy_sensitivity=""),
        assertion(assertion_id=10, disease="Any solid tumor", oncotree_code=""),
    )
    told = [(r["evidence_id"], r["direction"], r["significance"]) for r in found.evidence]
    assert told == [
        ("MOA7.1", "Does Not Support", "Sensitivity/Response"),
        ("MOA7.2", "Supports", "Resistance"),
        ("MOA7.3", "Supports", "Poor Outcome"),
        ("MOA10", "Supports", "Sensitivity/Response"),
    ]
    assert (found.evidence[-1]["disease"], found.evidence[-1]["oncotree_code"]) == (
        "Solid Tumor",
        None,
    )
    assert dict(found.left_out) == {"deprecated": 1, "tells no effect": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "no list of assertions"),
        ("[3]", "no list of assertions"),
        ("[", "not JSON"),
        (json.dumps([{"_deprecated": False}]), "assertion 1 lacks it"),
        (json.dumps([assertion(predictive_implication="Rumour")]), "level 'Rumour'; one of"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "database.json"
    path.write_text(text)
    with pytest.raises(ResourceError, match=told) as error:
        moalmanac.import_database(path, LEVELS)
    assert len(str(error.value).splitlines()) == 1


def referenced(folder: Path, **changes: Any) -> Path:
    """A referenced database with one approval."""
    extensions = {
        "biomarker_type": "Somatic Variant", "protein_change": "p.V10E", "cdna_change": None,
        "exon": 2, "variant_annotation": "Missense", **changes.pop("biomarker", {}),
    }  # fmt: skip
    listed = [{"name": name, "value": value} for name, value in extensions.items()]
    tables: dict[str, Any] = {
        "about": {"last_updated": "2026-05-07"},
        "genes": [{"id": 1, "name": "MADE1"}],
        "biomarkers": [{"id": 3, "genes": [1], "extensions": listed}],
        "therapies": [{"id": 5, "name": "A"}, {"id": 6, "name": "B"}],
        "therapy_groups": [{"id": 0, "therapies": [5, 6]}],
        "diseases": [{"id": 9, "name": "Made", "primary_coding_id": "oncotree:LUAD"}],
        "documents": [{"id": "d", "status": "Active", "agent_id": "ema", "name": "Label"}],
        "indications": [
            {"id": "i", "document_id": "d", "initial_approval_date": "2020-01-02",
             "initial_approval_url": "https://example.org",
             "indication": "for tumors with V10E as detected by an FDA-approved test"}
        ],
        "propositions": [
            {"id": 2, "biomarkers": [3], "conditionQualifier_id": 9, "therapy_id": None,
             "therapy_group_id": 0}
        ],
        "statements": [{"id": 4, "proposition_id": 2, "indication_id": "i"}],
        **changes,
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    for name, value in tables.items():
        body = json.dumps(value).encode()
        if name == "statements":
            (folder / f"{name}.json.gz").write_bytes(gzip.compress(body))
        else:
            (folder / f"{name}.json").write_bytes(body)
    return folder


def test_an_indication_becomes_an_approval(tmp_path: Path) -> None:
    found = moalmanac.import_approvals(referenced(tmp_path / "db"))
    assert found.approvals == [
        {
            "approval_id": "MOA-S4",
            "agency": "EMA",
            "therapies": ["A", "B"],
            "molecular_profile": "MADE1 V10E",
            "disease": "Made",
            "oncotree_code": "LUAD",
            "approved": "2020-01-02",
            "test_required": True,
            "document": "Label",
            "link": "https://example.org",
            "source_id": "moalmanac_referenced",
        }
    ]


@pytest.mark.parametrize(
    ("biomarker", "name"),
    [
        ({"_present": False}, "NOT MADE1 V10E"),
        ({"biomarker_type": "Wild type"}, "MADE1 Wildtype"),
        ({"biomarker_type": "Copy Number", "direction": "Amplification"}, "MADE1 Amplification"),
        ({"biomarker_type": "Rearrangement", "rearrangement_type": "Fusion"}, "MADE1 Fusion"),
        ({"requires_pathogenic": True}, "MADE1 Germline Mutation"),
        (
            {"biomarker_type": "Protein expression", "marker": "Made receptor (MR)",
             "value": "Positive"},
            "Madereceptor Positive Expression",
        ),
        (
            {"biomarker_type": "Microsatellite Stability",
             "status": "Microsatellite instability-high (MSI-H)"},
            "MSI High",
        ),
        ({"biomarker_type": "Tumor mutational burden", "classification": "High"}, "TMB High"),
        ({"biomarker_type": "Copy Number (arm level)"}, None),
    ],
)  # fmt: skip
def test_a_biomarker_of_an_approval_becomes_a_profile(
    tmp_path: Path, biomarker: Row, name: str | None
) -> None:
    found = moalmanac.import_approvals(referenced(tmp_path / "db", biomarker=biomarker))
    assert [row["molecular_profile"] for row in found.approvals] == ([name] if name else [])


def test_a_folder_that_is_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"about.json: no such file"):
        moalmanac.import_approvals(tmp_path)
    with pytest.raises(ResourceError, match="not the referenced database"):
        moalmanac.import_approvals(referenced(tmp_path / "db", propositions=[]))


def answer(change: str = "V10E", **treatment: Any) -> Row:
    given = {
        "drugs": [{"drugName": "A"}, {"drugName": "B"}],
        "level": "LEVEL_3A",
        "levelAssociatedCancerType": {"code": "LUAD", "name": "Lung Adenocarcinoma"},
        "pmids": ["123"],
    }
    query = {"hugoSymbol": "MADE1", "alteration": change}
    return {"query": query, "treatments": [{**given, **treatment}], "dataVersion": "v9.9"}


def answers(folder: Path, value: Any) -> imported.Import:
    path = folder / "answers.json"
    path.write_text(json.dumps(value))
    return oncokb.import_answers(path, LEVELS)


def test_an_answer_becomes_evidence_once(tmp_path: Path) -> None:
    found = answers(tmp_path, [answer(), answer(), answer("Fusion", level="LEVEL_R1")])
    assert [(r["evidence_id"], r["molecular_profile"], r["level"]) for r in found.evidence] == [
        ("OKB1", "MADE1 V10E", "B"),
        ("OKB2", "MADE1 Fusion", "A"),
    ]
    first, second = found.evidence
    assert (first["therapies"], first["citation"]) == (["A", "B"], "PMID:123")
    assert (first["significance"], second["significance"]) == ("Sensitivity/Response", "Resistance")
    assert found.version == "v9.9"
    assert answers(tmp_path, answer()).evidence == [first]


@pytest.mark.parametrize("value", [[{"query": {}}], 3, [{"treatments": []}], "x"])
def test_answers_of_another_shape_are_refused(tmp_path: Path, value: Any) -> None:
    with pytest.raises(ResourceError, match="is not of OncoKB"):
        answers(tmp_path, value)


def test_a_table_of_the_annotator_becomes_evidence(tmp_path: Path) -> None:
    path = tmp_path / "annotated.txt"
    path.write_text(
        "Hugo_Symbol\tHGVSp_Short\tONCOTREE_CODE\tLEVEL_1\tLEVEL_R2\tHIGHEST_LEVEL\n"
        "MADE1\tp.V10E\tLUAD\tA+B,C\tD\tLEVEL_1\n"
        "MADE1\tp.V11E\tLUAD\t\t\t\n"
    )
    found = oncokb.import_table(path, LEVELS)
    assert [(r["therapies"], r["source_level"], r["oncotree_code"]) for r in found.evidence] == [
        (["A", "B"], "LEVEL_1", "LUAD"),
        (["C"], "LEVEL_1", "LUAD"),
        (["D"], "LEVEL_R2", "LUAD"),
    ]
    assert dict(found.left_out) == {"no level": 1}


def test_a_table_without_levels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("Hugo_Symbol\tHGVSp_Short\nMADE1\tp.V10E\n")
    with pytest.raises(ResourceError, match="LEVEL_1 to LEVEL_R2"):
        oncokb.import_table(path, LEVELS)


@given(
    st.sampled_from(["", "p.V10E", "p.*10K"]),
    st.sampled_from(["", "c.1A>G"]),
    st.sampled_from(["", "14"]),
    st.sampled_from(["", "Missense", "Nonsense", "Frameshift", "Splice Site", "Deletion",
                     "Insertion", "Activating mutation"]),
)  # fmt: skip
def test_every_profile_of_a_small_variant_can_be_read(
    protein: str, coding: str, exon: str, kind: str
) -> None:
    name = imported.small_variant("MADE1", protein, coding, exon, kind)
    if name is not None:
        (component,) = profiles.components(profiles.parse(name))
        assert component.kind != profiles.UNPARSED
        assert component.gene == "MADE1"


def test_imported_tables_stand_beside_the_embedded_ones(tmp_path: Path) -> None:
    path = tmp_path / "database.json"
    path.write_text(json.dumps([assertion()]))
    out = tmp_path / "mine"
    lines = imports.import_source("moalmanac", [path], out, RESOURCES)
    assert lines[0] == "read: 1 items of evidence, 0 approvals"
    assert "ODbL-1.0" in lines[1]
    write_tables(tmp_path / "tables", small_tables())
    pack = build.build(tmp_path / "tables", tmp_path / "pack", [out])
    assert [row["evidence_id"] for row in pack.rows("imported_evidence")] == ["MOA7"]
    licences = {row["source_id"]: row["licence"] for row in pack.rows("sources")}
    assert licences["moalmanac"].startswith("ODbL-1.0")
    assert build.build(tmp_path / "tables", tmp_path / "pack2").rows("imported_evidence") == []
    with pytest.raises(ResourceError, match="is not empty"):
        imports.import_source("moalmanac", [path], out, RESOURCES)


def test_a_folder_that_was_not_imported_is_refused(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables", small_tables())
    (tmp_path / "mine").mkdir()
    with pytest.raises(ResourceError, match=r"sources.tsv: no such file"):
        build.build(tmp_path / "tables", tmp_path / "pack", [tmp_path / "mine"])


def test_a_file_that_is_refused_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "database.json"
    path.write_text("{}")
    out = tmp_path / "mine"
    status = cli.main(["knowledge", "import", "moalmanac", str(path), "--out", str(out)])
    assert status == 3
    assert not out.exists()
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.shared
def test_the_files_at_hand_are_read(shared: Path, tmp_path: Path) -> None:
    folder = shared / "knowledge" / "onco" / "moalmanac"
    database = folder / "molecular-oncology-almanac.json.gz"
    for source, path in (
        ("moalmanac", database),
        ("moalmanac_referenced", folder / "referenced"),
    ):
        imports.import_source(source, [path], tmp_path / source, RESOURCES)
    evidence = tsv.read(tmp_path / "moalmanac" / "imported_evidence.tsv", IMPORTED_EVIDENCE).rows
    place = tsv.find(tmp_path / "moalmanac_referenced", IMPORTED_APPROVALS)
    assert place is not None
    approvals = tsv.read(place, IMPORTED_APPROVALS).rows
    assert len(evidence) > 900
    assert len(approvals) > 1800
    assert {"FDA", "EMA"} <= {row["agency"] for row in approvals}
    unread = {
        c.name
        for row in evidence
        for c in profiles.components(profiles.parse(row["molecular_profile"]))
        if c.kind == profiles.UNPARSED
    }
    assert unread == set()
