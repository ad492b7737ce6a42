from __future__ import annotations

import pytest
from pharmacogene_builders import definitions_of, make_gene, read_table, write_vcf

from apothecary import schemas, tables
from apothecary.pharmacogenes import sites
from apothecary.pharmacogenes.observations import SiteSettings

GENE = make_gene(
    [(100, "A", "G"), (200, "CAT", "C,CATAT"), (300, "G", "A,T")],
    {"*1": {}, "*2": {0: "G"}, "*3": {1: "C"}, "*4": {1: "CATAT"}, "*5": {2: "A"}, "*6": {2: "T"}},
    shift37=-10,
)
X_GENE = make_gene([(500, "C", "T")], {"B": {}, "A": {0: "T"}}, gene="XGENE", chrom="chrX")
DEFINITIONS = definitions_of(GENE, X_GENE)


def _row(tmp_path, *records, settings=None, position="chr1:100:A"):
    path = write_vcf(tmp_path / "in.vcf", records)
    rows = list(read_table(path, DEFINITIONS, settings).rows())
    assert tables.to_arrow(schemas.SITES, rows).num_rows == 4
    return next(row for row in rows if row["position_id"] == position)


@pytest.mark.parametrize(
    ("record", "state", "alleles", "reason"),
    [
        ("chr1 100 . A G . PASS . GT 0/1", "called", ("A", "G"), None),
        ("chr1 100 . A G . PASS . GT 0|1", "called", ("A", "G"), None),
        ("chr1 100 . A G . . . GT 0/0", "called", ("A", "A"), None),
        ("chr1 100 . A T . PASS . GT 0/1", "called", ("A", "T"), "no documented base"),
        ("chr1 100 . A G . low . GT 0/1", "not_assessed", None, "failed: FILTER low"),
        ("chr1 100 . A G . PASS . GT:DP 0/0:2", "not_assessed", None, "depth 2 is below 4"),
        ("chr1 100 . A G . PASS . GT:GQ 0/0:5", "not_assessed", None, "quality 5 is below 10"),
        ("chr1 100 . A G . PASS . GT:DP:GQ 0/0:4:10", "called", ("A", "A"), None),
        ("chr1 100 . A G . PASS . GT ./.", "not_assessed", None, "no genotype"),
        ("chr1 100 . A G . PASS . GT ./1", "called", (".", "G"), None),
        ("chr1 100 . A G . PASS . GT 1", "not_assessed", None, "one allele"),
        ("chr1 100 . A G . PASS . GT 0/1/1", "not_assessed", None, "3 alleles"),
        ("chr1 100 . A <DEL> . PASS . GT 0/1", "not_assessed", None, "symbolic"),
        ("chr1 100 . C G . PASS . GT 0/1", "not_assessed", None, "no record"),
        ("chr1 101 . C G . PASS . GT 0/1", "not_assessed", None, "no record"),
        ("chr1 99 . TA TG . PASS . GT 0/1", "called", ("A", "G"), None),
        ("chr1 99 . TAC T . PASS . GT 0/0", "not_assessed", None, "no record"),
        ("chr1 99 . TAC T . PASS . GT 0/1", "not_assessed", None, "deletion over the position"),
    ],
)
def test_state_of_a_position(tmp_path, record, state, alleles, reason) -> None:
    row = _row(tmp_path, record, settings=SiteSettings(4, 10))
    assert row["state"] == state
    assert (row["allele_1"], row["allele_2"]) == (alleles or (None, None))
    assert (reason is None and row["reason"] is None) or reason in row["reason"]


def test_thresholds_that_are_null_are_not_applied(tmp_path) -> None:
    record = "chr1 100 . A G . PASS . GT:DP:GQ 0/0:1:1"
    assert _row(tmp_path, record, settings=SiteSettings())["state"] == "called"


def test_absent_is_reference_only_when_it_is_asked_for(tmp_path) -> None:
    record = "chr1 300 . G A . PASS . GT 0/1"
    assert _row(tmp_path, record)["state"] == "not_assessed"
    row = _row(tmp_path, record, settings=SiteSettings(absent_is_reference=True))
    assert (row["state"], row["allele_1"], row["allele_2"]) == ("reference", "A", "A")
    assert "absent_is_reference" in row["reason"]
    failed = "chr1 100 . A G . low . GT 0/1"
    row = _row(tmp_path, failed, settings=SiteSettings(absent_is_reference=True))
    assert row["state"] == "not_assessed"


def test_reference_block(tmp_path) -> None:
    row = _row(tmp_path, "chr1 90 . T <NON_REF> . . END=150 GT:DP:MIN_DP:GQ 0/0:30:9:40")
    assert (row["state"], row["allele_1"], row["depth"], row["gq"]) == ("reference", "A", 9, 40)
    row = _row(tmp_path, "chr1 90 . T <NON_REF> . . END=150 GT:MIN_DP:GQ 0/0:2:40")
    assert row["state"] == "not_assessed"
    row = _row(tmp_path, "chr1 90 . T <NON_REF> . . END=99 GT:MIN_DP:GQ 0/0:20:40")
    assert row["reason"] == "no record"


def test_blocks_must_cover_every_base_of_an_indel(tmp_path) -> None:
    first = "chr1 190 . T <NON_REF> . . END=200 GT:MIN_DP:GQ 0/0:20:40"
    rest = "chr1 201 . A <NON_REF> . . END=210 GT:MIN_DP:GQ 0/0:20:30"
    row = _row(tmp_path, first, position="chr1:200:CAT")
    assert row["state"] == "not_assessed"
    assert "only a part" in row["reason"]
    row = _row(tmp_path, first, rest, position="chr1:200:CAT")
    assert (row["state"], row["allele_1"], row["gq"]) == ("reference", "CAT", 30)


def test_a_genotype_wins_over_a_block(tmp_path) -> None:
    block = "chr1 90 . T <NON_REF> . . END=100 GT:GQ 0/0:20"
    record = "chr1 100 . A G,<NON_REF> . . . GT:GQ 0/1:30"
    assert _row(tmp_path, block, record)["allele_2"] == "G"


@pytest.mark.parametrize(
    ("records", "alleles"),
    [
        (["A . PASS . GT 0/1", "T . PASS . GT 0/0"], ("G", "A")),
        (["A . PASS . GT 0/1", "T . PASS . GT 0/1"], ("A", "T")),
        (["A . PASS . GT 0|1", "T . PASS . GT 1|0"], ("T", "A")),
        (["A . PASS . GT 0|1", "T . PASS . GT 0|1"], None),
        (["A . PASS . GT 1/1", "T . PASS . GT 0/1"], None),
        (["A . PASS . GT 0/1", "A . PASS . GT 0/1"], ("G", "A")),
    ],
)
def test_records_that_were_split(tmp_path, records, alleles) -> None:
    lines = [f"chr1 300 . G {record}" for record in records]
    row = _row(tmp_path, *lines, position="chr1:300:G")
    if alleles is None:
        assert row["state"] == "not_assessed"
        assert "contradict" in row["reason"]
    else:
        assert (row["allele_1"], row["allele_2"]) == alleles


def test_split_records_of_a_repeat(tmp_path) -> None:
    lines = ["chr1 200 . C CAT . PASS . GT 0|1", "chr1 200 . CAT C . PASS . GT 0|0"]
    row = _row(tmp_path, *lines, position="chr1:200:CAT")
    assert (row["allele_1"], row["allele_2"], row["phased"]) == ("CAT", "CATAT", True)


def test_haploid_on_the_x_chromosome(tmp_path) -> None:
    row = _row(tmp_path, "chrX 500 . C T . PASS . GT 1", position="chrX:500:C")
    assert (row["state"], row["allele_1"], row["allele_2"]) == ("called", "T", None)


def test_grch37_gives_grch38_positions(tmp_path) -> None:
    path = write_vcf(tmp_path / "in.vcf", ["1 90 . A G . PASS . GT 1/1"])
    rows = list(read_table(path, DEFINITIONS, build=sites.GRCH37).rows())
    row = next(row for row in rows if row["position_id"] == "chr1:100:A")
    assert (row["pos"], row["allele_1"], row["allele_2"]) == (100, "G", "G")
    other = next(row for row in rows if row["gene"] == "XGENE")
    assert "GRCh37 is not known" in other["reason"]


def test_swapped_reference_of_grch37(tmp_path) -> None:
    swapped = make_gene([(100, "A", "G")], {"*1": {}, "*2": {0: "G"}}, shift37=0)
    position = swapped.positions[0].__class__(
        **{**swapped.positions[0].__dict__, "ref_grch37": "G"}
    )
    gene = swapped.__class__(**{**swapped.__dict__, "positions": (position,)})
    path = write_vcf(tmp_path / "in.vcf", ["1 100 . G A . PASS . GT 0/1"])
    row = next(iter(read_table(path, definitions_of(gene), build=sites.GRCH37).rows()))
    assert (row["ref"], row["allele_1"], row["allele_2"]) == ("A", "G", "A")


def _variants(record, pos, ref, alts, genotype, **more):
    row = {
        "sample_id": "S1",
        "chrom": "chr1",
        "pos": pos,
        "ref": ref,
        "alt": alts,
        "record": record,
        "build": "GRCh38",
        "input_pos": pos,
        "input_ref": ref,
        "input_alts": alts,
        "allele_index": 1,
        "genotype": genotype,
        "phased": "|" in genotype,
        "phase_set": None,
        "depth": None,
        "gq": None,
        "qual": None,
        "filters": "PASS",
        "likelihoods": None,
        "block_end": None,
        "fate": "kept",
    }
    return {**row, **more}


def test_rows_of_the_table_variants_give_the_same_sites_as_the_file(tmp_path) -> None:
    records = [
        "chr1 90 . T <NON_REF> . PASS END=100 GT:DP:GQ 0/0:20:40",
        "chr1 200 . CAT C,CATAT . PASS . GT:DP:GQ:PS 1|2:20:40:7",
        "chr1 300 . G A . PASS . GT:DP:GQ:PS 0/1:20:3:.",
    ]
    rows = [
        _variants(11, 90, "T", "<NON_REF>", "0/0", depth=20, gq=40, block_end=100),
        _variants(12, 200, "CAT", "C,CATAT", "1|2", depth=20, gq=40, phase_set="7"),
        _variants(12, 200, "CAT", "C,CATAT", "1|2", depth=20, gq=40, phase_set="7", alt="CATAT"),
        _variants(13, 300, "G", "A", "0/1", depth=20, gq=3),
    ]
    path = write_vcf(tmp_path / "in.vcf", records)
    settings = SiteSettings(4, 10)
    found = sites.call(rows, DEFINITIONS, settings, [{"sample_id": "S1"}, {"sample_id": "S2"}])
    kept = [{**row, "record": None} for row in found if row["sample_id"] == "S1"]
    direct = [{**row, "record": None} for row in read_table(path, DEFINITIONS, settings).rows()]
    assert kept == direct
    assert {row["state"] for row in found if row["sample_id"] == "S2"} == {"not_assessed"}


def test_rejected_rows_are_no_evidence() -> None:
    rows = [_variants(1, 100, "A", "G", "0/1", fate="rejected")]
    found = sites.call(rows, DEFINITIONS, SiteSettings(), [{"sample_id": "S1"}])
    assert {row["state"] for row in found} == {"not_assessed"}
