"""Genes of PyPGx's tables: alleles against both genomes, tags, structure, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import ResourceError
from apothecary.knowledge import doubts
from apothecary.knowledge.importers import research_genes
from apothecary.knowledge.importers.research_genes import Place
from apothecary.knowledge.lift import Block, Lift
from apothecary.variants.reference import KnownBases
from apothecary.variants.regions import Position

NONE = "N/A"


def _write(folder: Path, genes, alleles, variants, events=()) -> Path:
    """PyPGx's tables in a folder; positions of GRCh37 lie 1000 before those of GRCh38."""
    data = folder / "pypgx" / "api" / "data"
    data.mkdir(parents=True)
    columns = "Gene,Target,Variants,SV,RefAllele,GRCh38Default,Paralog"
    _lines(data / "gene-table.csv", columns, genes)
    columns = "Gene,StarAllele,Function,GRCh37Core,GRCh37Tag,GRCh38Core,GRCh38Tag,SV"
    _lines(data / "allele-table.csv", columns, alleles)
    columns = (
        "Gene,rsID,Chromosome,GRCh37Name,GRCh37Position,GRCh37Allele,"
        "GRCh38Name,GRCh38Position,GRCh38Allele"
    )
    _lines(data / "variant-table.csv", columns, variants)
    _lines(data / "cnv-table.csv", "Gene,Name", events)
    return folder


def _lines(path: Path, columns: str, rows) -> None:
    text = "\n".join([columns, *(",".join(f'"{cell}"' for cell in row) for row in rows)])
    path.write_text(text + "\n", encoding="utf-8")


def _gene(name="GENE1", default="*1", sv="FALSE", reference="*1"):
    return (name, "TRUE", "TRUE", sv, reference, default, "GENE2")


def _variant(pos: int, ref: str, alt: str, ref37: str | None = None):
    """A variant; with `ref37` the genomes differ, and GRCh37 lists the base of GRCh38."""
    other = ref37 or ref
    listed = ref if ref37 else alt
    name37 = f"1-{pos - 1000}-{other}-{listed}"
    return ("GENE1", f"rs{pos}", "1", name37, pos - 1000, other, f"1-{pos}-{ref}-{alt}", pos, ref)


def _allele(name, core38=(), core37=None, tags38=(), function="Normal Function", sv="FALSE"):
    """An allele by names of GRCh38; GRCh37 has the same variants where not given."""
    shown = core37 if core37 is not None else [_name37(one) for one in core38]
    tags37 = [_name37(one) for one in tags38]
    cells = (",".join(one) or NONE for one in (shown, tags37, core38, tags38))
    return ("GENE1", name, function, *cells, sv)


def _name37(name: str) -> str:
    chrom, pos, ref, alt = name.split("-")
    return f"{chrom}-{int(pos) - 1000}-{ref}-{alt}"


def _import(folder, doubt=lambda place: None, known=(), guided=(), refused=()):
    return research_genes.import_genes(folder, known, guided, refused, doubt, "1.0", "made")


def _bases(tables, allele):
    return {
        row["position_id"]: row["bases"]
        for row in tables["pgx_allele_bases"]
        if row["allele"] == allele
    }


SNV, OTHER = "1-5000-A-G", "1-6000-C-T"
VARIANTS = (_variant(5000, "A", "G"), _variant(6000, "C", "T"))


def test_alleles_functions_and_both_builds(tmp_path):
    alleles = [_allele("*1"), _allele("*2", [SNV], function="No Function")]
    tables = _import(_write(tmp_path, [_gene()], alleles, VARIANTS))
    (gene,) = tables["pgx_genes"]
    assert (gene["reference_allele"], gene["kind"], gene["research"]) == ("*1", "diplotype", True)
    (position,) = tables["pgx_positions"]
    assert (position["position_id"], position["alts"]) == ("chr1:5000:A", ["G"])
    assert (position["pos_grch37"], position["ref_grch37"]) == (4000, "A")
    assert position["grch37_source_id"] == "made"
    assert {row["allele"]: row["function"] for row in tables["pgx_alleles"]} == {
        "*1": "Normal function",
        "*2": "No function",
    }
    assert _bases(tables, "*2") == {"chr1:5000:A": "G"}


def test_the_reference_allele_is_the_one_that_the_genome_is(tmp_path):
    alleles = [_allele("*1", [SNV]), _allele("*2"), _allele("*3", [OTHER])]
    tables = _import(_write(tmp_path, [_gene(default="*2")], alleles, VARIANTS))
    assert tables["pgx_genes"][0]["reference_allele"] == "*2"
    assert _bases(tables, "*2") == {"chr1:5000:A": "A", "chr1:6000:C": "C"}
    assert _bases(tables, "*1") == {"chr1:5000:A": "G"}


def test_where_the_genomes_differ_either_list_may_give_the_base(tmp_path):
    variants = [_variant(5000, "A", "G", ref37="G"), VARIANTS[1]]
    alleles = [
        _allele("*1", core37=["1-4000-G-A"]),
        _allele("*2", ["1-5000-A-G"], core37=[]),
        _allele("*3", [OTHER]),
    ]
    tables = _import(_write(tmp_path, [_gene()], alleles, variants))
    assert _bases(tables, "*2") == {"chr1:5000:A": "G"}
    assert _bases(tables, "*3") == {"chr1:6000:C": "T"}
    by_id = {row["position_id"]: row for row in tables["pgx_positions"]}
    assert by_id["chr1:5000:A"]["ref_grch37"] == "G"
    assert by_id["chr1:5000:A"]["alts"] == ["G"]


def test_an_allele_that_the_builds_define_differently_is_left_out_and_told(tmp_path):
    alleles = [_allele("*1"), _allele("*2", [SNV]), _allele("*3", [OTHER], core37=[])]
    tables = _import(_write(tmp_path, [_gene()], alleles, VARIANTS))
    assert [row["allele"] for row in tables["pgx_alleles"]] == ["*1", "*2"]
    assert [(r["rule"], r["value"]) for r in tables["pgx_rules"]] == [
        ("left_out", "*3: the builds define it differently")
    ]


def test_a_place_in_doubt_takes_its_alleles_along_and_nothing_else(tmp_path):
    alleles = [_allele("*1"), _allele("*2", [SNV]), _allele("*3", [OTHER])]
    folder = _write(tmp_path, [_gene()], alleles, VARIANTS)
    tables = _import(folder, doubt=lambda place: "wrong" if place.pos == 5000 else None)
    assert [row["position_id"] for row in tables["pgx_positions"]] == ["chr1:6000:C"]
    assert [row["allele"] for row in tables["pgx_alleles"]] == ["*1", "*3"]
    assert [row["value"] for row in tables["pgx_rules"]] == ["*2: wrong"]


def test_alleles_of_equal_bases_are_one(tmp_path):
    alleles = [_allele("*1"), _allele("*2", [SNV]), _allele("*3", [SNV])]
    tables = _import(_write(tmp_path, [_gene()], alleles, VARIANTS))
    assert [row["value"] for row in tables["pgx_rules"]] == ["*3: it has the bases of *2"]


def test_a_tag_is_open_where_it_tells_others_apart_and_no_position_else(tmp_path):
    alleles = [
        _allele("*1"),
        _allele("*2", [SNV]),
        _allele("*3", [OTHER], tags38=[SNV, "1-7000-G-T"]),
    ]
    variants = [*VARIANTS, _variant(7000, "G", "T")]
    tables = _import(_write(tmp_path, [_gene()], alleles, variants))
    assert _bases(tables, "*3") == {"chr1:5000:A": "R", "chr1:6000:C": "T"}
    assert [row["pos"] for row in tables["pgx_positions"]] == [5000, 6000]


def test_structural_alleles_are_names_and_the_gene_says_what_is_unseen(tmp_path):
    alleles = [
        _allele("*1"),
        _allele("*2", [SNV]),
        _allele("*4", function="No Function", sv="TRUE"),
    ]
    events = [("GENE1", "WholeDel1"), ("GENE1", "Hybrid1"), ("GENE1", "PartialDup1")]
    tables = _import(_write(tmp_path, [_gene(sv="TRUE")], alleles, VARIANTS, events))
    rows = {row["allele"]: row for row in tables["pgx_alleles"]}
    assert (rows["*4"]["structural"], rows["*4"]["defined"]) == (True, False)
    assert [row["value"] for row in tables["pgx_rules"] if row["rule"] == "unseen"] == [
        "copy number",
        "hybrids with GENE2",
        "deletions and duplications of parts",
    ]


def test_single_variants_named_one_by_one_may_lie_on_one_strand(tmp_path):
    alleles = [_allele("Reference"), _allele("rs5000", [SNV]), _allele("rs6000", [OTHER])]
    gene = _gene(default="Reference", reference="Reference")
    tables = _import(_write(tmp_path, [gene], alleles, VARIANTS))
    assert tables["pgx_genes"][0]["kind"] == "lowest_function"


def test_genes_known_refused_or_without_variants_are_not_taken(tmp_path):
    genes = [_gene(), ("GENE9", "TRUE", "FALSE", "TRUE", "*1", "*1", NONE), _gene("GENE5")]
    alleles = [
        _allele("*1"),
        _allele("*2", [SNV]),
        ("GENE9", "*1", "Normal Function", NONE, NONE, NONE, NONE, "FALSE"),
        ("GENE9", "*0", "No Function", NONE, NONE, NONE, NONE, "TRUE"),
    ]
    folder = _write(tmp_path, genes, alleles, VARIANTS)
    tables = _import(folder, known=["GENE1"], refused=["GENE5"])
    assert "pgx_genes" not in tables
    assert [(row["gene"], row["value"]) for row in tables["pgx_rules"]] == [
        ("GENE9", "no allele is defined by small variants")
    ]


def test_a_gene_that_a_guideline_looks_at_is_not_research(tmp_path):
    folder = _write(tmp_path, [_gene()], [_allele("*1"), _allele("*2", [SNV])], VARIANTS)
    assert _import(folder, guided=["GENE1"])["pgx_genes"][0]["research"] is False


def test_a_folder_without_the_tables_is_refused(tmp_path):
    with pytest.raises(ResourceError, match=r"gene-table\.csv"):
        _import(tmp_path)


@given(
    st.lists(
        st.frozensets(st.sampled_from([5000, 6000, 7000]), min_size=1), min_size=1, unique=True
    )
)
def test_every_allele_has_its_listed_bases_and_the_genomes_elsewhere(tmp_path_factory, lists):
    names = {pos: f"1-{pos}-A-G" for pos in (5000, 6000, 7000)}
    alleles = [_allele("*1")]
    alleles += [
        _allele(f"*{n}", [names[pos] for pos in sorted(own)]) for n, own in enumerate(lists, 2)
    ]
    variants = [_variant(pos, "A", "G") for pos in names]
    folder = _write(tmp_path_factory.mktemp("pypgx"), [_gene()], alleles, variants)
    tables = _import(folder)
    for n, own in enumerate(lists, 2):
        assert _bases(tables, f"*{n}") == {f"chr1:{pos}:A": "G" for pos in own}


def _place(**changed) -> Place:
    facts = {"pos": 5000, "ref": "A", "pos_grch37": 4000, "ref_grch37": "A"} | changed
    return Place(chrom="chr1", rsid=None, **facts)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (_place(), None),
        (_place(pos=5500, pos_grch37=4500), None),
        (_place(ref="G", ref_grch37="G"), "GRCh38 has A at chr1:5000, not G"),
        (_place(pos_grch37=4001), "chr1:5000 is 4000 in GRCh37 by the chain, not 4001"),
        (_place(ref_grch37="G"), "GRCh37 has A at chr1:4000, not G"),
    ],
)
def test_what_speaks_against_a_place(place, told):
    block = Block(start37=3899, start38=4899, length=1000, score=1)
    lift = Lift({"chr1": [block]}, {"chr1": [block]})
    reference = KnownBases([Position("chr1", 5000, "A", False)])
    doubt = doubts.against(lift, reference, {("chr1", 4000): "A"})
    assert doubt(place) == told
