from __future__ import annotations

import pytest

from apothecary import schemas, tables
from apothecary.pharmacogenes import recommendations


class FakePack:
    """Guidance of a few medicines."""

    def __init__(self) -> None:
        self.guidance = []
        self.keys = []

    def add(self, number, drug, keys, source="CPIC", guideline="G1", kind="value", **more):
        self.guidance.append(
            {
                "guidance_id": f"R{number}",
                "drug": drug,
                "source": source,
                "guideline_id": guideline,
                "guideline_version": "1",
                "link": "https://example.org",
                "genes": sorted({gene for gene, _ in keys}),
                "population": "general",
                "strength": "Strong",
                "action": "avoid",
                "dose_change": None,
                "dosing_information": False,
                "alternate_drug": False,
                "other_guidance": False,
                "source_id": "s",
                **more,
            }
        )
        for gene, key in keys:
            count = 1.0 if kind == "allele" else None
            self.keys.append(
                {
                    "guidance_id": f"R{number}",
                    "drug": drug,
                    "gene": gene,
                    "key": key,
                    "key_kind": kind,
                    "allele_count": count,
                }
            )
        return self

    def rows(self, table):
        return {
            "guidance": self.guidance,
            "guidance_keys": self.keys,
            "guidance_text": [],
            "sources": [{"source_id": "s", "licence": "CC-BY-SA-4.0"}],
        }[table]


def _phenotype(gene, phenotype, rank=1, alleles=("*1", "*2"), key=None):
    return {
        "sample_id": "S1",
        "gene": gene,
        "rank": rank,
        "phenotype": phenotype,
        "lookup_key": None if phenotype == "No Result" else key or phenotype,
        "lookup_diplotype": "/".join(alleles),
        "allele_1": alleles[0],
        "allele_2": alleles[1],
    }


def _match(pack, *phenotypes, medicines=None):
    rows = recommendations.match(phenotypes, pack, medicines)
    tables.to_arrow(schemas.RECOMMENDATIONS, rows)
    return [(row["drug"], row["source"], row["guidance_id"], row["lookup"]) for row in rows]


@pytest.fixture
def pack():
    made = FakePack()
    made.add(1, "codeine", [("CYP2D6", "Poor Metabolizer")])
    made.add(2, "codeine", [("CYP2D6", "Normal Metabolizer")])
    made.add(3, "codeine", [("CYP2D6", "0.0")], source="DPWG", guideline="G2")
    made.add(4, "imipramine", [("CYP2D6", "Poor Metabolizer"), ("CYP2C19", "No Result")])
    made.add(5, "imipramine", [("CYP2D6", "Poor Metabolizer"), ("CYP2C19", "Poor Metabolizer")])
    made.add(6, "imipramine", [("CYP2D6", "No Result"), ("CYP2C19", "No Result")])
    return made


def test_sources_stand_side_by_side(pack) -> None:
    assert _match(pack, _phenotype("CYP2D6", "Poor Metabolizer", key="0.0"))[:2] == [
        ("codeine", "CPIC", "R1", "CYP2D6=Poor Metabolizer"),
        ("codeine", "DPWG", "R3", "CYP2D6=0.0"),
    ]


def test_all_genes_of_a_guideline_must_fit(pack) -> None:
    both = (_phenotype("CYP2D6", "Poor Metabolizer"), _phenotype("CYP2C19", "Poor Metabolizer"))
    assert [row[2] for row in _match(pack, *both) if row[0] == "imipramine"] == ["R5"]
    one = _phenotype("CYP2D6", "Poor Metabolizer")
    assert [row[2] for row in _match(pack, one) if row[0] == "imipramine"] == ["R4"]
    none = _phenotype("CYP2C19", "No Result")
    assert _match(pack, none) == []


def test_one_recommendation_a_phenotype(pack) -> None:
    same = [_phenotype("CYP2D6", "Poor Metabolizer", rank, ("*4", f"*{rank}")) for rank in (1, 2)]
    other = _phenotype("CYP2D6", "Normal Metabolizer", 3, ("*1", "*1"))
    found = recommendations.match([*same, other], pack)
    codeine = [row for row in found if row["drug"] == "codeine"]
    assert [row["guidance_id"] for row in codeine] == ["R1", "R2"]
    assert codeine[0]["diplotypes"] == ["CYP2D6 *4/*1", "CYP2D6 *4/*2"]
    assert [row["rank"] for row in codeine] == [1, 2]


def test_guidance_for_named_alleles_displaces_that_for_a_phenotype() -> None:
    pack = FakePack()
    pack.add(1, "warfarin", [("CYP2C9", "Intermediate Metabolizer")])
    pack.add(2, "warfarin", [("CYP2C9", "*1"), ("CYP2C9", "*2")], kind="allele")
    first = _phenotype("CYP2C9", "Intermediate Metabolizer")
    assert [row[2] for row in _match(pack, first)] == ["R2"]
    second = _phenotype("CYP2C9", "Intermediate Metabolizer", alleles=("*1", "*3"))
    assert [row[2] for row in _match(pack, second)] == ["R1"]


def test_allele_status() -> None:
    pack = FakePack()
    pack.add(1, "abacavir", [("HLA-B", "*57:01 positive")])
    pack.add(2, "phenytoin", [("HLA-B", "*15:02 negative")])
    pack.add(3, "carbamazepine", [("HLA-B", "*15:11 positive")])
    alleles = ("*15:11", "*57:01")
    status = [
        _phenotype("HLA-B", name, rank, alleles)
        for rank, name in enumerate(("*15:02 negative", "*57:01 positive"), start=1)
    ]
    assert [row[2] for row in _match(pack, *status)] == ["R1", "R3", "R2"]


def test_medicines_that_are_taken(pack) -> None:
    one = _phenotype("CYP2D6", "Poor Metabolizer")
    rows = recommendations.match([one], pack, {"S1": ["Codeine "]})
    assert {row["drug"]: row["taken"] for row in rows} == {"codeine": True, "imipramine": False}
    assert {row["licence"] for row in rows} == {"CC-BY-SA-4.0"}


def _whole(drug="warfarin", genes=("CYP2C9", "CYP4F2")):
    pack = FakePack().add("G9", drug, [], guideline="RG9", genes=list(genes))
    pack.guidance[0]["action"] = "see_guideline"
    return pack


def test_a_guideline_without_keys_carries_the_genotypes_of_its_genes() -> None:
    first = _phenotype("CYP2C9", "Intermediate Metabolizer")
    other = _phenotype("CYP2C9", "Intermediate Metabolizer", 2, ("*1", "*3"))
    positions = {"S1": {"CYP2C9": (("CYP2C9", "rs12777823", "A/G"),)}}
    rows = recommendations.match([first, other], _whole(), None, positions)
    tables.to_arrow(schemas.RECOMMENDATIONS, rows)
    assert [(row["guidance_id"], row["action"], row["genes"]) for row in rows] == [
        ("RG9", "see_guideline", ["CYP2C9", "CYP4F2"])
    ]
    assert rows[0]["diplotypes"] == [
        "CYP2C9 *1/*2 or *1/*3",
        "rs12777823 A/G",
        "CYP4F2 not called",
    ]
    assert rows[0]["lookup"] == "CYP2C9=*1/*2 or *1/*3;rs12777823=A/G;CYP4F2=not called"
    assert rows[0]["phenotypes"] == []


def test_a_guideline_without_keys_needs_a_call() -> None:
    nothing = {**_phenotype("CYP2C9", "No Result"), "lookup_diplotype": None}
    assert recommendations.match([nothing], _whole()) == []
    assert recommendations.match([_phenotype("TPMT", "Normal Metabolizer")], _whole()) == []
    # A genotype without a phenotype is enough.
    row = {**_phenotype("CYP4F2", "n/a"), "lookup_key": None}
    found = recommendations.match([row], _whole())
    assert [one["diplotypes"] for one in found] == [["CYP2C9 not called", "CYP4F2 *1/*2"]]


def test_guidelines_without_keys_of_one_source_have_each_their_own_genes() -> None:
    pack = _whole().add("F1", "warfarin", [], guideline="RF1", genes=["VKORC1"])
    pack.guidance[1]["guidance_id"] = "RF1"
    one = _phenotype("CYP2C9", "Normal Metabolizer")
    assert [row["guidance_id"] for row in recommendations.match([one], pack)] == ["RG9"]
    both = recommendations.match([one, _phenotype("VKORC1", "-1639 AG")], pack)
    assert [(row["guidance_id"], row["diplotypes"]) for row in both] == [
        ("RF1", ["VKORC1 *1/*2"]),
        ("RG9", ["CYP2C9 *1/*2", "CYP4F2 not called"]),
    ]


def _posteriors(pack, *phenotypes):
    rows = recommendations.match(phenotypes, pack)
    tables.to_arrow(schemas.RECOMMENDATIONS, rows)
    return [(row["guidance_id"], row["posterior"]) for row in rows]


def test_scores_of_one_phenotype_add_up() -> None:
    pack = FakePack()
    pack.add(1, "phenytoin", [("CYP2C9", "Intermediate Metabolizer")])
    pack.add(2, "phenytoin", [("CYP2C9", "Poor Metabolizer")])
    rows = [
        {**_phenotype("CYP2C9", name, rank, pair, score), "posterior": posterior}
        for rank, (name, score, pair, posterior) in enumerate(
            (
                ("Intermediate Metabolizer", "1.0", ("*1", "*3"), 0.3),
                ("Poor Metabolizer", "0.5", ("*2", "*3"), 0.2),
                ("Intermediate Metabolizer", "1.5", ("*1", "*2"), 0.5),
                # The same phenotype and score once more, which counts once.
                ("Intermediate Metabolizer", "1.0", ("*2", "*2"), 0.3),
            ),
            start=1,
        )
    ]
    found = recommendations.match(rows, pack)
    assert [(r["guidance_id"], r["posterior"]) for r in found] == [("R1", 0.8), ("R2", 0.2)]
    assert found[0]["diplotypes"] == ["CYP2C9 *1/*3", "CYP2C9 *2/*2", "CYP2C9 *1/*2"]


def test_the_likeliest_comes_first_and_genes_multiply() -> None:
    pack = FakePack()
    for number, (first, second) in enumerate(
        ((a, b) for a in ("Poor", "Normal") for b in ("Poor", "Normal")), start=1
    ):
        pack.add(
            number,
            "azathioprine",
            [("TPMT", f"{first} Metabolizer"), ("NUDT15", f"{second} Metabolizer")],
        )
    rows = [
        {**_phenotype(gene, f"{name} Metabolizer", rank, (f"*{rank}", "*1")), "posterior": value}
        for gene, values in (("TPMT", (0.9, 0.1)), ("NUDT15", (0.6, 0.4)))
        for rank, (name, value) in enumerate(zip(("Normal", "Poor"), values, strict=True), start=1)
    ]
    assert _posteriors(pack, *rows) == [("R4", 0.54), ("R3", 0.36), ("R2", 0.06), ("R1", 0.04)]


def test_the_posterior_of_one_pair_of_a_phenotype_is_not_that_of_the_phenotype() -> None:
    pack = FakePack()
    pack.add(1, "warfarin", [("CYP2C9", "*1"), ("CYP2C9", "*3")], kind="allele")
    first = {**_phenotype("CYP2C9", "IM", 1, ("*1", "*3"), "1.0"), "posterior": 0.9}
    second = {**_phenotype("CYP2C9", "IM", 2, ("*2", "*2"), "1.0"), "posterior": 0.9}
    assert _posteriors(pack, first) == [("R1", 0.9)]
    assert _posteriors(pack, first, second) == [("R1", None)]


def test_phenotypes_that_a_medicine_makes_alike_add_up() -> None:
    pack = FakePack().add(1, "codeine", [("CYP2D6", "Poor Metabolizer")])
    converted = {
        "converted_phenotype": "Poor Metabolizer",
        "converted_lookup_key": "0.0",
        "converted_by": ["paroxetine"],
    }
    rows = [
        {**_phenotype("CYP2D6", "Normal Metabolizer", 1, key="2.0"), **converted, "posterior": 0.7},
        {
            **_phenotype("CYP2D6", "Intermediate Metabolizer", 2, ("*1", "*4"), "1.0"),
            **converted,
            "posterior": 0.2,
        },
        {**_phenotype("CYP2D6", "Poor Metabolizer", 3, ("*4", "*4"), "0.0"), "posterior": 0.1},
    ]
    genetic, clinical = recommendations.match(rows, pack)
    assert (genetic["posterior"], genetic["by_clinical_phenotype"]) == (0.1, False)
    assert (clinical["posterior"], clinical["by_clinical_phenotype"]) == (1.0, True)
    assert clinical["phenotypes"] == [
        "CYP2D6 Poor Metabolizer with paroxetine",
        "CYP2D6 Poor Metabolizer",
    ]
    assert clinical["diplotypes"] == ["CYP2D6 *1/*2", "CYP2D6 *1/*4", "CYP2D6 *4/*4"]
