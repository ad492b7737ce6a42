from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pharmacogene_builders import definitions_of, make_gene

from apothecary import schemas, tables
from apothecary.errors import WorkflowInputError
from apothecary.pharmacogenes import outside

DEFINITIONS = definitions_of(make_gene([(1, "A", "G")], {"*1": {}}))


def _read(tmp_path, text):
    path = tmp_path / "outside.tsv"
    path.write_bytes(text.encode())
    return outside.read(path, "S1", DEFINITIONS, "outside.tsv")


def test_lines_of_calls(tmp_path) -> None:
    rows = _read(
        tmp_path,
        "##comment\nGENE1\t*1/*2\t\t\t0.6\tmore\r\n\nGENE1\t\tPM\nGENE1\t\t\t>=3.0\n",
    )
    assert [(r["row"], r["diplotype"], r["phenotype"], r["activity_score"]) for r in rows] == [
        (2, "*1/*2", None, None),
        (4, None, "Poor Metabolizer", None),
        (5, None, None, "≥3.0"),
    ]
    assert tables.to_arrow(schemas.OUTSIDE_CALLS, rows).num_rows == 3


def test_all_problems_are_told_at_once(tmp_path) -> None:
    text = "GENE1\nGENE9\t*1/*1\nGENE1\t*1/\nGENE1\t\t\tmany\nGENE1\t\t\n"
    with pytest.raises(WorkflowInputError) as caught:
        _read(tmp_path, text)
    assert str(caught.value).splitlines() == [
        "outside.tsv, row 1: one column; gene, diplotype, phenotype and activity score, "
        "separated by tabs",
        "outside.tsv, row 2, gene: unknown gene 'GENE9'; one of GENE1",
        "outside.tsv, row 3, diplotype: '*1/'; one allele, or two with a slash between",
        "outside.tsv, row 4, activity_score: 'many'; a number such as 1.25, or ≥3.0, or n/a",
        "outside.tsv, row 5: no call; a diplotype, a phenotype or an activity score",
    ]


def test_a_file_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(WorkflowInputError, match="cannot be read"):
        outside.read(tmp_path / "none.tsv", "S1", DEFINITIONS)


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(tmp_path_factory, text: str) -> None:
    path = tmp_path_factory.mktemp("o") / "o.tsv"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        rows = outside.read(path, "S1", DEFINITIONS)
    except WorkflowInputError as error:
        rows = []
        told = [problem.line() for problem in error.problems]
    else:
        told = ["read"]
    assert all(line.isprintable() for line in told)
    assert tables.to_arrow(schemas.OUTSIDE_CALLS, rows).num_rows == len(rows)
