"""The importer of FHIR definitions: what a profile adds is kept, and its type is not repeated."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from apothecary.errors import ResourceError
from apothecary.fhir import structures
from apothecary.fhir.guide_schemas import ELEMENTS, STRUCTURES, VALUE_SETS
from apothecary.knowledge import tsv
from apothecary.knowledge.importers import fhir_guide
from apothecary.knowledge.importers.fhir_codes import CodeSystems

BASE = "http://hl7.org/fhir/StructureDefinition/"
RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "fhir"


def definition(name: str, kind: str, elements: list[dict], **more) -> dict:
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "url": BASE + name,
        "type": name,
        "kind": kind,
        "snapshot": {"element": elements},
        **more,
    }


def element(path: str, code: str | None = None, least: int = 0, most: str = "1", **more) -> dict:
    kinds = {"type": [{"code": code}]} if code else {}
    return {"id": path, "path": path, "min": least, "max": most, **kinds, **more}


def entries(path: Path, found: list[dict]) -> None:
    path.write_text(json.dumps({"entry": [{"resource": one} for one in found]}))


@pytest.fixture
def base(tmp_path) -> Path:
    folder = tmp_path / "base"
    folder.mkdir()
    plain = [
        element("X"),
        element("X.id", "http://hl7.org/fhirpath/System.String"),
        element("X.extension", "Extension", most="*"),
        element("X.code", "code", 1, binding={"strength": "required", "valueSet": "urn:vs|4.0.1"}),
        element("X.part", "BackboneElement", most="*"),
        element("X.part.value[x]", "string"),
    ]
    resources = [
        definition(
            name, "resource", [{**one, "id": one["id"].replace("X", name, 1)} for one in plain]
        )
        for name in fhir_guide.RESOURCES
    ]
    regex = {"url": f"{BASE}regex", "valueString": "[a-z]+"}
    code = definition(
        "code",
        "primitive-type",
        [{"id": "code.value", "min": 0, "max": "1", "type": [{"code": "x", "extension": [regex]}]}],
    )
    extension = definition("Extension", "complex-type", [element("Extension")])
    named = [
        definition(
            name,
            "complex-type",
            [element("Extension"), element("Extension.url", fixedUri=BASE + name)],
            derivation="constraint",
            context=[{"type": "element", "expression": "Task"}],
        )
        | {"type": "Extension"}
        for name in fhir_guide.EXTENSIONS
    ]
    entries(folder / "profiles-resources.json", resources)
    entries(folder / "profiles-types.json", [code, extension])
    entries(folder / "extension-definitions.json", named)
    value_set = {
        "resourceType": "ValueSet",
        "url": "urn:vs",
        "compose": {"include": [{"system": "urn:cs"}]},
    }
    system = {
        "resourceType": "CodeSystem",
        "url": "urn:cs",
        "content": "complete",
        "concept": [{"code": "a", "display": "A", "concept": [{"code": "b"}]}],
    }
    entries(folder / "valuesets.json", [value_set, system])
    entries(folder / "v3-codesystems.json", [])
    return folder


def archive(folder: Path, found: list[dict]) -> Path:
    path = folder / "guide.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for one in found:
            data = json.dumps(one).encode()
            member = tarfile.TarInfo(f"{one['id']}.json")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def profile() -> dict:
    sliced = {"discriminator": [{"type": "value", "path": "value"}], "rules": "closed"}
    return definition(
        "my-task",
        "resource",
        [
            element("Task"),
            element("Task.id", "http://hl7.org/fhirpath/System.String"),
            element("Task.extension", "Extension", most="*"),
            element("Task.code", "code", 1, patternCode="a"),
            element("Task.part", "BackboneElement", most="*", slicing=sliced),
            element("Task.part.value[x]", "string"),
            element("Task.part:one", "BackboneElement", least=1),
            element("Task.part:one.value[x]", "string"),
        ],
        derivation="constraint",
        baseDefinition=f"{BASE}Task",
    ) | {"type": "Task"}


def test_what_a_profile_adds_is_kept(tmp_path, base):
    made = fhir_guide.compile_guide(archive(tmp_path, [profile()]), "guide 1", base, "base 1")
    rows = {row["element"]: row for row in made.elements if row["structure"] == "my-task"}
    assert set(rows) == {"Task.code", "Task.part", "Task.part:one"}
    assert rows["Task.code"]["pattern"] == '"a"'
    assert rows["Task.part"]["discriminators"] == ["value:value"]
    assert rows["Task.part"]["rules"] == "closed"
    assert rows["Task.part:one"]["min"] == 1
    plain = {row["element"]: row for row in made.elements if row["structure"] == "Task"}
    assert plain["Task.code"]["value_set"] == "urn:vs"
    assert "Task.id" not in plain
    by_name = {row["structure"]: row for row in made.structures}
    assert by_name["my-task"]["kind"] == "profile"
    assert by_name["my-task"]["source"] == "guide 1"
    assert by_name["code"]["regex"] == "[a-z]+"
    assert [row["code"] for row in made.value_sets] == ["a", "b"]


def test_the_tables_can_be_read_back_as_trees(tmp_path, base):
    made = fhir_guide.compile_guide(archive(tmp_path, [profile()]), "guide 1", base, "base 1")
    for table, rows in (
        (STRUCTURES, made.structures),
        (ELEMENTS, made.elements),
        (VALUE_SETS, made.value_sets),
    ):
        tsv.write(tmp_path, table, rows)
    (tmp_path / "answers.tsv").write_text("answer_list\tcode\tdisplay\tterm\tsource\n")
    found = structures.load(tmp_path)
    root = found.profiles[f"{BASE}my-task"].root
    assert root.children["part"].closed
    assert root.children["part"].slices["one"].least == 1
    assert found.derives(f"{BASE}my-task", f"{BASE}my-task")
    (tmp_path / "elements.tsv").unlink()
    with pytest.raises(ResourceError, match="lacks the table elements"):
        structures.load(tmp_path)


def test_an_archive_or_folder_that_is_not_whole_is_told(tmp_path, base):
    broken = tmp_path / "broken.tgz"
    broken.write_bytes(b"no archive")
    with pytest.raises(ResourceError, match="cannot be read"):
        fhir_guide.compile_guide(broken, "g", base, "b")
    entries(base / "extension-definitions.json", [])
    with pytest.raises(ResourceError, match="lacks bodySite"):
        fhir_guide.compile_guide(archive(tmp_path, [profile()]), "g", base, "b")


@pytest.mark.parametrize(
    ("include", "rows"),
    [
        ({"system": "urn:s", "concept": [{"code": "x"}]}, [("urn:s", "x", None)]),
        ({"system": "urn:s", "filter": [{"op": "is-a"}]}, [("urn:s", "", False)]),
        ({"system": "urn:s"}, [("urn:s", "", True)]),
        ({"valueSet": ["urn:b"]}, [("urn:t", "y", None)]),
    ],
)
def test_value_sets_are_listed_as_far_as_they_are_at_hand(include, rows):
    def of(url, included):
        return {"resourceType": "ValueSet", "url": url, "compose": {"include": [included]}}

    other = of("urn:b", {"system": "urn:t", "concept": [{"code": "y"}]})
    found = CodeSystems([of("urn:a", include), other]).rows("urn:a")
    assert [(row["system"], row["code"], row["listed"]) for row in found] == rows
    assert CodeSystems([]).rows("urn:a") == []


@pytest.mark.shared
def test_the_embedded_tables_hold_what_the_guide_asks(shared):
    """Every fixed value, pattern, cardinality and slice that the guide sets is in the tables."""
    known = {
        (row["structure"], row["element"]): row for row in structures.rows(RESOURCES, ELEMENTS)
    }
    names = {row["structure"] for row in structures.rows(RESOURCES, STRUCTURES)}
    count = 0
    with tarfile.open(shared / "knowledge" / "fhir" / "genomics_reporting_stu3.tgz") as tar:
        for member in tar.getmembers():
            stream = tar.extractfile(member)
            one = json.load(stream) if stream and member.name.endswith(".json") else {}
            if one.get("resourceType") != "StructureDefinition":
                continue
            assert one["id"] in names
            for part in one["differential"]["element"]:
                asked = [value for key, value in part.items() if key.startswith("pattern")]
                if asked:
                    row = known[one["id"], part["id"]]
                    assert json.loads(row["pattern"]) == asked[0]
                    count += 1
                if part.get("min", 0) and ":" in part["id"].rsplit(".", 1)[-1]:
                    assert known[one["id"], part["id"]]["min"] == part["min"]
    assert count > 60
