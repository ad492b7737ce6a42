"""Consent comes before reading."""

from __future__ import annotations

import pytest
from variant_builders import counts, read_samples, read_text, sample, vcf, write

from apothecary.variants import scopes

PGX = [
    {
        "gene": "RYR1", "chrom": "chr1", "pos": 1000, "ref": "A", "alts": ["G"],
        "pos_grch37": 900, "ref_grch37": "A",
    },
    {
        "gene": "OTHER", "chrom": "chrM", "pos": 1555, "ref": "A", "alts": ["G"],
        "pos_grch37": None, "ref_grch37": None,
    },
]  # fmt: skip
GENES = [
    {"gene": "RYR1", "chrom": "chr1", "start": 950, "end": 1500},
    {"gene": "BRCA9", "chrom": "chr2", "start": 100, "end": 800},
]
LISTS = [
    {"gene": "RYR1", "list_id": "acmg_sf"},
    {"gene": "BRCA9", "list_id": "predisposition"},
    {"gene": "NOWHERE", "list_id": "predisposition"},
]
GERMLINE = ("pharmacogenes", "germline", "secondary_findings")
RECORDS = [
    "chr1 1000 . A G . PASS . GT 0/1",
    "chr1 1200 . A G . PASS . GT 0/1",
    "chr2 500 . CAT C . PASS . GT 0/1",
    "chr3 500 . T C . PASS . GT 0/1",
]


def regions(*granted: str, scopes_of_role: tuple[str, ...] = GERMLINE):
    withheld = [s for s in scopes_of_role if s not in granted]
    return scopes.regions(granted, withheld, PGX, GENES, LISTS)


@pytest.mark.parametrize(
    ("granted", "read", "withheld"),
    [
        ((), [], 3),
        (("pharmacogenes",), [1000], 2),
        (("secondary_findings",), [1000, 1200], 1),
        (("germline",), [500], 2),
        (("pharmacogenes", "germline"), [500, 1000], 1),
        (GERMLINE, [500, 1000, 1200], 0),
    ],
)
def test_scopes_open_what_they_name(tmp_path, granted, read, withheld):
    result = read_text(tmp_path, vcf(RECORDS), regions(*granted))
    assert sorted(row["pos"] for row in result.variants) == read
    found = counts(result)
    assert found.get("withheld", 0) == withheld
    assert found["outside"] == 4 - withheld - len(read)
    assert sum(found.values()) == 4


def test_nothing_of_a_withheld_record_is_told(tmp_path):
    result = read_text(tmp_path, vcf(RECORDS), regions("pharmacogenes"))
    text = repr(result.variants) + repr(result.record_fates) + repr(result.outcomes)
    for secret in ("BRCA9", "1200", "'pos': 500", "CAT", "secondary", "RYR1"):
        assert secret not in text


def test_tumor_scope_opens_everything_or_nothing(tmp_path):
    opened = regions("tumor", scopes_of_role=("tumor",))
    assert counts(read_text(tmp_path, vcf(RECORDS), opened, {"role": "tumor"})) == {"kept": 4}
    closed = regions(scopes_of_role=("tumor",))
    assert counts(read_text(tmp_path, vcf(RECORDS), closed, {"role": "tumor"})) == {"withheld": 4}


def test_samples_of_one_file_are_read_for_their_own_consent(tmp_path):
    from variant_builders import SITES, config

    from apothecary.variants import read

    text = vcf([f"{r} 0/1" for r in RECORDS], samples=("S1", "S2"))
    path = write(tmp_path, text)
    by_sample = {"S1": regions("pharmacogenes"), "S2": regions("germline")}
    result = read.read_variants(
        [sample(path), sample(path, "S2")], by_sample, SITES, config(), tmp_path
    )
    assert [(r["sample_id"], r["pos"]) for r in result.variants] == [("S1", 1000), ("S2", 500)]
    for name in ("S1", "S2"):
        own = [r["records"] for r in result.record_fates if r["sample_id"] == name]
        assert sum(own) == 4


def test_positions_of_both_builds():
    assert [(p.chrom, p.pos) for p in scopes.positions(PGX, "GRCh37")] == [
        ("chr1", 900),
        ("chrM", 1555),
    ]
    assert regions("germline")["GRCh37"].genes == (("chrM", 1, 16569),)


def test_records_of_grch37_are_read_at_grch37_positions(tmp_path):
    records = ["1 900 . A G . PASS . GT 0/1", "1 1000 . T G . PASS . GT 0/1"]
    text = vcf(records, lengths={})
    (row,) = read_samples(
        [sample(write(tmp_path, text))], tmp_path, regions("pharmacogenes")
    ).variants
    assert (row["pos"], row["build"]) == (900, "GRCh37")


def test_consent_to_germline_findings_opens_the_mitochondrion(tmp_path):
    records = ["chrM 152 . T C . PASS . GT 1", "chrM 1555 . A G . PASS . GT 1"]
    for granted, read, withheld in (
        (("germline",), [152, 1555], 0),
        (("pharmacogenes",), [1555], 1),
        ((), [], 2),
    ):
        result = read_text(tmp_path, vcf(records), regions(*granted))
        assert sorted(row["pos"] for row in result.variants) == read
        assert counts(result).get("withheld", 0) == withheld


def test_genes_are_opened_where_they_lie_in_grch37(tmp_path):
    placed = [{**gene, "start_grch37": gene["start"] + 1000, "end_grch37": gene["end"] + 1000}
              for gene in GENES[1:]]  # fmt: skip
    found = scopes.regions(("germline",), ("pharmacogenes",), PGX, [GENES[0], *placed], LISTS)
    assert found["GRCh37"].genes == (("chr2", 1100, 1800), ("chrM", 1, 16569))
    assert found["GRCh38"].genes == (("chr2", 100, 800), ("chrM", 1, 16569))
    closed = scopes.regions(("pharmacogenes",), ("germline",), PGX, placed, LISTS)["GRCh37"]
    assert closed.is_withheld("chr2", 1200, 1200)
    assert not closed.is_withheld("chr2", 200, 200)
