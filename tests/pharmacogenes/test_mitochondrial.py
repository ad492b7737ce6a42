"""MT-RNR1 from records of chrM: named variants, their share of the reads, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.pharmacogenes import definitions, diplotypes, pgx, phenotypes, sites
from apothecary.pharmacogenes.diplotypes import MatchSettings
from apothecary.pharmacogenes.observations import SiteSettings

GENE = "MT-RNR1"
RISK = "risk of aminoglycoside-induced hearing loss"
CONTIGS = {
    "MT": "##contig=<ID=MT,length=16569>",
    "chrM": "##contig=<ID=chrM,length=16569>",
    "hg19": "##contig=<ID=chrM,length=16571>",
}


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return folder


def _vcf(path: Path, records, contig="chrM", more=()):
    name = "chrM" if contig == "hg19" else contig
    lines = [
        "##fileformat=VCFv4.2",
        CONTIGS[contig],
        *more,
        '##INFO=<ID=END,Number=1,Type=Integer,Description="last">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">',
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="depths">',
        '##FORMAT=<ID=AF,Number=A,Type=Float,Description="shares">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1",
    ]
    for pos, ref, alt, info, form, values in records:
        lines.append(f"{name}\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\t{info}\t{form}\t{values}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _blocks(*between):
    """Reference blocks over the gene that leave out some positions."""
    edges = [647, *sorted(between), 1602]
    return [
        (first + 1, "N", "<NON_REF>", f"END={last - 1}", "GT", "0/0")
        for first, last in pairwise(edges)
        if last - 1 > first
    ]


@pytest.fixture
def called(tmp_path, pack):
    def made(records, contig="chrM", **options):
        file = _vcf(tmp_path / "in.vcf", sorted(records, key=lambda r: r[0]), contig)
        out = tmp_path / "out"
        summary = pgx.run_pgx(pgx.PgxOptions(file=file, out=out, pack=pack, **options))
        rows = {}
        for table in (schemas.DIPLOTYPES, schemas.PHENOTYPES):
            read = tables.read_rows(out / f"{table.name}.parquet", table)
            (rows[table.name],) = [row for row in read if row["gene"] == GENE]
        found = tables.read_rows(out / "sites.parquet", schemas.SITES)
        rows["sites"] = {r["pos"]: r for r in found if r["gene"] == GENE}
        rows["summary"] = summary
        return rows

    return made


@pytest.mark.parametrize("contig", ["chrM", "MT"])
@pytest.mark.parametrize(
    ("variant", "name", "risk"),
    [
        ((1555, "A", "G"), "m.1555A>G", "increased"),
        ((1494, "C", "T"), "m.1494C>T", "increased"),
        ((1095, "T", "C"), "m.1095T>C", "increased"),
        ((663, "A", "G"), "m.663A>G", "uncertain"),
        ((827, "A", "G"), "m.827A>G", "normal"),
        # Every spelling of the deletion in the run of cytosines.
        ((955, "AC", "A"), "m.960C>del", "uncertain"),
        ((959, "CC", "C"), "m.960C>del", "uncertain"),
        ((960, "CT", "C"), "m.961T>del", "uncertain"),
    ],
)
def test_named_variants(called, contig, variant, name, risk) -> None:
    pos, ref, alt = variant
    record = (pos, ref, alt, ".", "GT:AD", "1/1:0,200")
    rows = called([record, *_blocks(*range(pos, pos + len(ref)))], contig)
    assert rows["diplotypes"]["diplotype"] == name
    assert rows["diplotypes"]["allele_1"] == name
    assert rows["phenotypes"]["phenotype"] == f"{risk} {RISK}"


def test_reference_where_all_was_read(called) -> None:
    rows = called(_blocks())
    assert (rows["diplotypes"]["diplotype"], rows["diplotypes"]["missing_sites"]) == (
        "Reference",
        [],
    )
    assert rows["phenotypes"]["phenotype"] == f"normal {RISK}"


@pytest.mark.parametrize(
    ("form", "values", "share", "phenotype"),
    [
        ("GT:AD", "0/1:130,70", 0.35, f"increased {RISK}"),
        ("GT:AF", "0/1:0.35", 0.35, f"increased {RISK}"),
        ("GT:AD", "1:4,196", 0.98, f"increased {RISK}"),
        ("GT:AD", "0/1:180,20", 0.1, f"increased {RISK}"),
        ("GT:AD", "0/1:190,10", 0.05, "Indeterminate"),
        ("GT:AF", "0|1:0.05", 0.05, "Indeterminate"),
        ("GT", "0/1", None, f"increased {RISK}"),
        ("GT:AD", "0/0:195,5", None, f"normal {RISK}"),
    ],
)
def test_heteroplasmy(called, form, values, share, phenotype) -> None:
    rows = called([(1555, "A", "G", ".", form, values), *_blocks(1555)])
    assert rows["phenotypes"]["phenotype"] == phenotype
    seen = rows["sites"][1555]["allele_fraction"]
    assert seen == (None if share is None else pytest.approx(share))
    if share is not None:
        assert f"m.1555A>G in {share:.1%} of the reads" in rows["diplotypes"]["reason"]
    if phenotype == "Indeterminate":
        assert rows["diplotypes"]["diplotype"] == "m.1555A>G"
        assert "below the limit of 10% m.1555A>G is no call" in rows["phenotypes"]["reason"]
        assert rows["phenotypes"]["lookup_key"] is None


def test_several_variants_count_by_the_worst(called) -> None:
    records = [
        (827, "A", "G", ".", "GT:AD", "1/1:0,100"),
        (1555, "A", "G", ".", "GT:AD", "0/1:50,50"),
    ]
    rows = called([*records, *_blocks(827, 1555)])
    assert rows["diplotypes"]["diplotype"] == "m.827A>G + m.1555A>G"
    assert rows["diplotypes"]["allele_1"] == "m.1555A>G"
    assert rows["phenotypes"]["phenotype"] == f"increased {RISK}"


def test_a_worse_variant_below_the_limit_leaves_the_risk_open(called) -> None:
    records = [
        (827, "A", "G", ".", "GT:AD", "1/1:0,100"),
        (1555, "A", "G", ".", "GT:AD", "0/1:97,3"),
    ]
    rows = called([*records, *_blocks(827, 1555)])
    assert rows["phenotypes"]["phenotype"] == "Indeterminate"


def test_a_variant_without_the_other_positions(called) -> None:
    rows = called([(1555, "A", "G", ".", "GT:AD", "1/1:0,90")])
    assert rows["phenotypes"]["phenotype"] == f"increased {RISK}"
    assert "m.1494C>T" in rows["diplotypes"]["not_excludable"]
    rows = called([(827, "A", "G", ".", "GT:AD", "1/1:0,90")])
    assert rows["phenotypes"]["phenotype"] == "Indeterminate"
    assert (
        "not assessed: the positions of m.1095T>C, m.1494C>T, m.1555A>G"
        in (rows["phenotypes"]["reason"])
    )


def test_reference_needs_the_positions_of_risk(called) -> None:
    rows = called(_blocks(1555))
    assert (rows["diplotypes"]["diplotype"], rows["diplotypes"]["method"]) == (None, "not_called")
    assert rows["diplotypes"]["reason"] == "not assessed: the positions of m.1555A>G"
    assert rows["phenotypes"]["phenotype"] == "No Result"


def test_a_base_without_a_name_is_not_reference(called) -> None:
    rows = called([(1555, "A", "T", ".", "GT:AD", "1/1:0,90"), *_blocks(1555)])
    assert rows["diplotypes"]["method"] == "not_called"
    assert rows["diplotypes"]["warnings"] == ["chrM:1555:A: T is no documented base"]


@pytest.mark.parametrize("absent", [False, True])
def test_a_file_without_the_mitochondrion_says_nothing_of_it(tmp_path, pack, absent) -> None:
    file = tmp_path / "in.vcf"
    file.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr16>\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
        "chr16\t31096368\t.\tC\tT\t.\tPASS\t.\tGT\t0/1\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    pgx.run_pgx(pgx.PgxOptions(file=file, out=out, pack=pack, absent_as_reference=absent))
    rows = tables.read_rows(out / "diplotypes.parquet", schemas.DIPLOTYPES)
    (row,) = [row for row in rows if row["gene"] == GENE]
    assert (row["method"], row["reason"]) == ("not_called", "no position of the gene was assessed")


def test_the_mitochondrion_of_hg19_is_not_read(called) -> None:
    rows = called([(1555, "A", "G", ".", "GT:AD", "1/1:0,90")], "hg19")
    assert rows["diplotypes"]["method"] == "not_called"


def test_only_the_mitochondrion_in_a_file_of_either_build(tmp_path, pack, called) -> None:
    rows = called([(1555, "A", "G", ".", "GT:AD", "1/1:0,90")])
    assert rows["summary"].notes == ()
    lengths = ("##contig=<ID=1,length=249250621>", "##contig=<ID=2,length=243199373>")
    record = (1555, "A", "G", ".", "GT:AD", "1/1:0,90")
    file = _vcf(tmp_path / "grch37.vcf", [record], "MT", lengths)
    summary = pgx.run_pgx(pgx.PgxOptions(file=file, out=tmp_path / "o37", pack=pack))
    assert summary.build == "GRCh37"
    found = tables.read_rows(tmp_path / "o37" / "diplotypes.parquet", schemas.DIPLOTYPES)
    assert [r["diplotype"] for r in found if r["gene"] == GENE] == ["m.1555A>G"]


def test_the_rules_of_a_run_say_the_same(pack) -> None:
    from apothecary.knowledge import pack as knowledge

    known = definitions.from_pack(knowledge.load(pack))
    gene = replace(known, genes={GENE: known.genes[GENE]})
    row = {
        "sample_id": "S1", "chrom": "chrM", "pos": 1555, "ref": "A", "alt": "G", "record": 9,
        "build": "GRCh37", "input_pos": 1555, "input_ref": "A", "input_alts": "G",
        "allele_index": 1, "genotype": "0/1", "phased": False, "phase_set": None, "depth": 100,
        "ref_depth": 60, "alt_depth": 40, "vaf": 0.4, "gq": 99, "qual": None, "filters": "PASS",
        "likelihoods": None, "block_end": None, "fate": "kept",
    }  # fmt: skip
    made = sites.call([row], gene, SiteSettings())
    tables.to_arrow(schemas.SITES, made)
    found = diplotypes.call(made, gene, MatchSettings(heteroplasmy_limit=0.5))
    tables.to_arrow(schemas.DIPLOTYPES, found)
    assert found[0]["reason"].startswith("m.1555A>G in 40.0% of the reads; below the limit of 50%")
    (assigned,) = phenotypes.assign(found, gene)
    assert assigned["phenotype"] == "Indeterminate"
