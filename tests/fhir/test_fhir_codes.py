"""Every code of a bundle names the file that carries it; those of the guide are looked up there."""

from __future__ import annotations

import csv
import re
import tarfile
from pathlib import Path

import pytest
from fhir_models import RESOURCES

GUIDE = re.compile(r"HL7 Genomics Reporting guide 3\.0\.0, (?:profile )?(?P<name>[\w-]+)")
FILE = re.compile(r"github\.com/[\w.-]+/[\w.-]+ [\w./-]+ at [0-9a-f]{8} \([\w ,.-]+\)")


def rows(table: str) -> list[dict[str, str]]:
    with (RESOURCES / "fhir" / table).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


@pytest.mark.parametrize("table", ["answers.tsv", "codes.tsv"])
def test_every_row_names_a_file_its_version_and_its_licence(table):
    found = [row["source"] for row in rows(table)]
    assert found
    assert [one for one in found if not (GUIDE.fullmatch(one) or FILE.fullmatch(one))] == []


@pytest.mark.shared
def test_codes_of_the_guide_are_in_the_definition_that_their_row_names(shared: Path):
    archive = shared / "knowledge" / "fhir" / "genomics_reporting_stu3.tgz"
    texts: dict[str, str] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            if stream is not None:
                name = Path(member.name).stem.partition("-")[2]
                texts[name] = texts.get(name, "") + stream.read().decode()
    checked = 0
    for row in rows("codes.tsv"):
        source = GUIDE.fullmatch(row["source"])
        if source is None:
            continue
        text = texts[source["name"]]
        assert f'"{row["system"]}"' in text, row["use"]
        assert not row["code"] or f'"{row["code"]}"' in text, row["use"]
        checked += 1
    assert checked > 30
