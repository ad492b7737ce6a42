"""The command that spells a protein change in variants of the genome."""

from __future__ import annotations

import pytest
from oncogene_builders import write_models

from apothecary import cli


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    fasta, gff = write_models(tmp_path_factory.mktemp("spell"))
    return ["--reference", str(fasta), "--gff", str(gff)]


@pytest.mark.parametrize(("query", "count"), [("PLUS A2D", 2), ("MINUS p.Glu4Ter", 3)])
def test_every_spelling_is_a_line(
    files: list[str], capsys: pytest.CaptureFixture[str], query: str, count: int
) -> None:
    assert cli.main(["spell", query, *files]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split("\t") == ["chrom", "pos", "ref", "alt", "transcript"]
    assert len(lines) == count
    assert all(line.startswith("chr7\t") for line in lines)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("PLUS C2D", "PLUS C2D: no simple variant of PLUS makes C2D"),
        ("PLUS", "PLUS: no protein change in 'PLUS'"),
        ("NONE A2D", "NONE A2D: no transcript of NONE"),
    ],
)
def test_what_cannot_be_spelled_is_one_line(
    files: list[str], capsys: pytest.CaptureFixture[str], query: str, told: str
) -> None:
    assert cli.main(["spell", query, *files]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(told)
