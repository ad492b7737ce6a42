"""HLA types in the forms of OptiType, T1K, xHLA and arcasHLA, and in a TSV of outside calls."""

from __future__ import annotations

import json

import pytest

from apothecary.errors import WorkflowInputError
from apothecary.pharmacogenes import diplotypes, outside, phenotypes, recommendations
from apothecary.pharmacogenes.definitions import Definitions, Gene
from apothecary.pharmacogenes.diplotypes import MatchSettings


def _gene(name, *asked):
    return Gene(name, "", "outside_only", False, False, "", settings={"status_allele": asked})


DEFINITIONS = Definitions(
    {
        "HLA-A": _gene("HLA-A", "*31:01"),
        "HLA-B": _gene("HLA-B", "*15:02", "*57:01", "*58:01"),
    }
)
OPTITYPE = (
    "\tA1\tA2\tB1\tB2\tC1\tC2\tReads\tObjective\n"
    "0\tA*01:01\tA*31:01\tB*08:01\tB*57:01\tC*07:01\tC*06:02\t1127.0\t1106.7\n"
    "1\tA*01:01\tA*31:02\tB*08:01\tB*58:01\tC*07:01\tC*06:02\t1100.0\t1090.2\n"
)
T1K = (
    "HLA-A\t2\tHLA-A*01:01:01\t250.1\t60\tHLA-A*31:01:02\t201.2\t60\n"
    "HLA-B\t1\tHLA-B*57:01:01\t500.0\t58\t.\t0\t-1\n"
    "HLA-DRB1\t0\t.\t0\t-1\t.\t0\t-1\n"
)
XHLA = json.dumps(
    {
        "subject_id": "1",
        "report_type": "hla_typing",
        "sample_id": "1",
        "hla": {"alleles": ["A*01:01", "A*31:01", "B*08:01", "B*57:01", "C*06:02", "C*07:01"]},
    },
    indent=1,
)
ARCAS = json.dumps(
    {
        "A": ["A*01:01:01", "A*31:01:02"],
        "B": ["B*57:01:01", "B*08:01:01"],
        "DRB1": ["DRB1*10:01:01", "DRB1*14:02:01"],
    }
)


@pytest.fixture
def read(tmp_path):
    def made(text):
        path = tmp_path / "calls"
        path.write_text(text, encoding="utf-8")
        return outside.read(path, "S1", DEFINITIONS, "calls")

    return made


def _problems(read, text):
    with pytest.raises(WorkflowInputError) as caught:
        read(text)
    return str(caught.value).split("\n")


def _calls(rows):
    return [(row["gene"], row["row"], row["diplotype"]) for row in rows]


def test_optitype(read) -> None:
    assert _calls(read(OPTITYPE)) == [
        ("HLA-A", 2, "*01:01/*31:01"),
        ("HLA-B", 2, "*08:01/*57:01"),
    ]


def test_optitype_without_a_name_for_the_row_numbers_or_without_a_gene(read) -> None:
    text = OPTITYPE.removeprefix("\t").replace("B*08:01\tB*57:01", "\t")
    assert _calls(read(text)) == [("HLA-A", 2, "*01:01/*31:01")]


def test_t1k(read) -> None:
    assert _calls(read(T1K)) == [
        ("HLA-A", 1, "*01:01:01/*31:01:02"),
        ("HLA-B", 2, "*57:01:01/*57:01:01"),
    ]


def test_t1k_with_secondary_alleles_and_poor_quality(read) -> None:
    text = (
        "HLA-A\t2\tHLA-A*01:01:01\t250.1\t60\tHLA-A*31:01:02\t2.2\t0\tHLA-A*30:01;3.1;0\n"
        "HLA-B\t2\tHLA-B*57:01:01,HLA-B*57:01:02\t9\t6\tHLA-B*15:02,HLA-B*15:03\t5\t2\t\n"
        "KIR2DL1\t1\tKIR2DL1*001\t9\t6\t.\t0\t-1\t\n"
    )
    assert _calls(read(text)) == [("HLA-A", 1, "*01:01:01"), ("HLA-B", 2, "*57:01/*15")]


def test_xhla(read) -> None:
    rows = read(XHLA)
    lines = XHLA.split("\n")
    assert [(row["gene"], row["diplotype"]) for row in rows] == [
        ("HLA-A", "*01:01/*31:01"),
        ("HLA-B", "*08:01/*57:01"),
    ]
    assert all(row["diplotype"].split("/")[0][1:] in lines[row["row"] - 1] for row in rows)


def test_arcashla(read) -> None:
    assert _calls(read(ARCAS)) == [
        ("HLA-A", 1, "*01:01:01/*31:01:02"),
        ("HLA-B", 1, "*57:01:01/*08:01:01"),
    ]


def test_tsv_of_outside_calls(read) -> None:
    text = "HLA-B\t*15:02/HLA-B*57:01:01\nHLA-A\t\t*31:01 positive\n"
    assert _calls(read(text)) == [("HLA-B", 1, "*15:02/HLA-B*57:01:01"), ("HLA-A", 2, None)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("HLA-B\t*15:02/57:01\n", "calls, row 1, diplotype: '57:01'; a name such as *57:01"),
        ("HLA-B\tA*15:02/*57:01\n", "calls, row 1, diplotype: 'A*15:02'; a name such as"),
        (OPTITYPE.replace("B*57:01", "B5701"), "calls, row 2, B2: 'B5701'; a name such as"),
        (OPTITYPE.replace("B*57:01", "C*57:01"), "calls, row 2, B2: C*57:01 for HLA-B; an allele"),
        (OPTITYPE.split("\n")[0] + "\n", "calls: a header and no solution; the result of OptiType"),
        (
            OPTITYPE.replace("\t1127.0\t1106.7", ""),
            "calls, row 2: 7 columns below a header of 9; as many columns",
        ),
        (T1K.replace("HLA-B*57:01:01", "HLA-B-57"), "calls, row 2, allele_1: 'HLA-B-57'; a name"),
        (XHLA.replace('"B*57:01"', '"B*57:1"'), "B, allele 2: 'B*57:1'; a name such as"),
        (XHLA.replace('"B*08:01"', '"B*08:01", "B*07:02"'), "HLA-B: 3 alleles of HLA-B; at most"),
        ('{"hla": {"alleles": 5}}', "calls: hla without a list of alleles; the JSON of xHLA"),
        ('{"A": [1]}', "calls: A: no list of names; the JSON of xHLA"),
        ('{"S1": {"A": ["A*01:01"]}}', "calls: S1: no list of names; the JSON of xHLA"),
        ("[1]", "calls: JSON that is no object; the JSON of xHLA"),
        ('{"A": [', "calls, row 1: no JSON (Expecting value); the JSON of xHLA"),
        ("[" * 100_000, "calls: JSON nested too deep; the JSON of xHLA"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(read, text, told) -> None:
    (line,) = _problems(read, text)
    assert told in line


def _assigned(read, text):
    called = diplotypes.call(
        [], DEFINITIONS, MatchSettings(), read(text), [{"sample_id": "S1", "sex": "F"}]
    )
    return called, phenotypes.assign(called, DEFINITIONS)


def test_names_are_reduced_to_two_fields_and_the_given_ones_are_told(read) -> None:
    called, assigned = _assigned(read, ARCAS)
    assert [row["diplotype"] for row in called] == ["*01:01/*31:01", "*08:01/*57:01"]
    assert called[1]["reason"] == "outside call (calls, row 1): diplotype *57:01:01/*08:01:01"
    assert [row["phenotype"] for row in assigned] == [
        "*31:01 positive",
        "*15:02 negative",
        "*57:01 positive",
        "*58:01 negative",
    ]


def test_an_allele_that_is_not_excluded_is_not_called_negative(read) -> None:
    _, assigned = _assigned(read, "HLA-B\t*57/*58:01\nHLA-A\t*01:01\n")
    found = {row["phenotype"]: row["lookup_key"] for row in assigned}
    assert found == {
        "*31:01 indeterminate": None,
        "*15:02 negative": "*15:02 negative",
        "*57:01 indeterminate": None,
        "*58:01 positive": "*58:01 positive",
    }
    reason = next(row["reason"] for row in assigned if row["phenotype"] == "*57:01 indeterminate")
    assert reason.endswith("*57 does not tell whether it is *57:01")


class _Pack:
    def __init__(self, *keyed):
        self.guidance = [
            {
                "guidance_id": number, "drug": drug, "source": "CPIC", "guideline_id": f"G{drug}",
                "guideline_version": "1", "link": "https://example.org", "genes": list(keys),
                "population": None, "strength": None, "action": "avoid", "dose_change": None,
                "dosing_information": False, "alternate_drug": False, "other_guidance": False,
                "source_id": "s",
            }
            for number, drug, keys in keyed
        ]  # fmt: skip
        self.keys = [
            {"guidance_id": number, "drug": drug, "gene": gene, "key": key, "key_kind": "value",
             "allele_count": None}
            for number, drug, keys in keyed
            for gene, key in keys.items()
        ]  # fmt: skip

    def rows(self, table):
        licence = [{"source_id": "s", "licence": "CC0-1.0"}]
        known = {"guidance": self.guidance, "guidance_keys": self.keys, "sources": licence}
        return known.get(table, [])


PACK = _Pack(
    ("R1", "abacavir", {"HLA-B": "*57:01 negative"}),
    ("R2", "abacavir", {"HLA-B": "*57:01 positive"}),
    ("R3", "phenytoin", {"CYP2C9": "2.0", "HLA-B": "*15:02 negative"}),
    ("R4", "phenytoin", {"CYP2C9": "2.0", "HLA-B": "No Result"}),
    ("R5", "carbamazepine", {"HLA-B": "*15:11 positive"}),
)


@pytest.mark.parametrize(
    ("diplotype", "guidance"),
    [
        ("*57:01:01/*08:01", ["R2", "R3"]),
        ("*07:02/*08:01", ["R1", "R3"]),
        # What is not known of one allele neither gives nor takes the guidance for another.
        ("*57/*08:01", ["R3"]),
        ("*15/*57:01", ["R2", "R4"]),
        ("*15:11:01/*08:01", ["R1", "R3", "R5"]),
        ("*57", ["R4"]),
    ],
)
def test_guidance(read, diplotype, guidance) -> None:
    _, assigned = _assigned(read, f"HLA-B\t{diplotype}\n")
    cyp2c9 = {
        "sample_id": "S1", "gene": "CYP2C9", "rank": 1, "phenotype": "Normal Metabolizer",
        "lookup_key": "2.0", "lookup_diplotype": "*1/*1", "allele_1": "*1", "allele_2": "*1",
    }  # fmt: skip
    rows = recommendations.match([*assigned, cyp2c9], PACK)
    assert sorted(row["guidance_id"] for row in rows) == guidance
