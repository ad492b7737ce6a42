"""Reads beside the variant file: phase, coverage, and what becomes of the calls."""

from __future__ import annotations

from dataclasses import replace

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pharmacogene_builders import definitions_of, genotypes, make_gene, read_table, write_vcf
from read_builders import (
    Read,
    admitted,
    pair,
    sequence,
    tiled,
    write_fasta,
    write_reads,
)

from apothecary import schemas, tables
from apothecary.pharmacogenes import diplotypes, phase_sets, read_backing, read_phasing
from apothecary.pharmacogenes.observations import (
    CALLED,
    FROM_READS,
    Observation,
    ReadSettings,
    SiteSettings,
)
from apothecary.pharmacogenes.preparation import MatchSettings
from apothecary.pharmacogenes.read_backing import Reads
from apothecary.pharmacogenes.read_phasing import Heterozygous, ReadBlock

# Two pairs of alleles explain three heterozygous positions equally well: *2/*5 and *3/*4.
GENE = make_gene(
    [(1100, "A", "G"), (1300, "C", "T"), (1500, "G", "A"), (9000, "T", "C"), (9200, "CAT", "C")],
    {
        "*1": {},
        "*2": {0: "G", 1: "T"},
        "*3": {1: "T", 2: "A"},
        "*4": {0: "G"},
        "*5": {2: "A"},
        "*6": {3: "C"},
        "*7": {4: "C"},
    },
)
DEFINITIONS = definitions_of(GENE)
FIXED = {1100: "A", 1300: "C", 1500: "G", 9000: "T", 9200: "CATG"}
BASES = {"chr1": (1, sequence(12_000, FIXED))}
G, T, A = {1100: ("A", "G")}, {1300: ("C", "T")}, {1500: ("G", "A")}
UNPHASED = [
    "chr1 1100 . A G . PASS . GT 0/1",
    "chr1 1300 . C T . PASS . GT 0/1",
    "chr1 1500 . G A . PASS . GT 0/1",
]


def _pairs(edits, prefix, count=12):
    """Fragments of 420 bases over 1100 and 1300, and over 1300 and 1500."""
    made = []
    for n in range(count):
        made += pair(f"{prefix}a{n}", 1040 + n, 1360 + n, edits=edits)
        made += pair(f"{prefix}b{n}", 1240 + n, 1560 + n, edits=edits)
    return made


def _rows(tmp_path, records, reads, settings=None, read_settings=None, **options):
    path = write_vcf(tmp_path / "in.vcf", records)
    table = read_table(path, DEFINITIONS, settings)
    bam = write_reads(tmp_path / "reads.bam", reads, BASES, **options)
    given = Reads(admitted(bam, tmp_path), read_settings or ReadSettings(min_depth=4), tmp_path)
    rows = list(table.rows(given))
    tables.to_arrow(schemas.SITES, rows)
    return {row["pos"]: row for row in rows}


def _called(rows, mode, **settings):
    found = diplotypes.call(rows.values(), DEFINITIONS, MatchSettings(mode=mode, **settings))
    return [row["diplotype"] for row in found if row["gene"] == "GENE1"], found


REFERENCE_READS = [
    *tiled({}, [(8900, 9400)] * 10, "far"),
]


@pytest.mark.parametrize("mode", ["compatible", "posterior"])
def test_reads_turn_an_ambiguous_genotype_into_the_right_diplotype(tmp_path, mode):
    table = read_table(write_vcf(tmp_path / "a.vcf", UNPHASED), DEFINITIONS)
    bare = {row["pos"]: row for row in table.rows()}
    before, _ = _called(bare, mode)
    assert {"*2/*5", "*3/*4"} <= set(before)
    reads = [*_pairs({**G, **T}, "x"), *_pairs(A, "y"), *REFERENCE_READS]
    assert _called(_rows(tmp_path, UNPHASED, reads), mode)[0] == ["*2/*5"]
    reads = [*_pairs(G, "x"), *_pairs({**T, **A}, "y"), *REFERENCE_READS]
    assert _called(_rows(tmp_path, UNPHASED, reads), mode)[0] == ["*3/*4"]


def test_pairs_that_span_two_sites_make_one_phase_set(tmp_path):
    rows = _rows(tmp_path, UNPHASED, [*_pairs({**G, **A}, "x"), *_pairs(T, "y")])
    strands = {p: (rows[p]["allele_1"], rows[p]["allele_2"]) for p in (1100, 1300, 1500)}
    assert strands == {1100: ("A", "G"), 1300: ("T", "C"), 1500: ("G", "A")}
    assert {rows[p]["phase_set"] for p in strands} == {"reads:1100"}
    for pos in strands:
        assert rows[pos]["phased"]
        assert rows[pos]["phase_source"] == FROM_READS
        assert rows[pos]["state_source"] == "file"
        assert rows[pos]["phase_reads"] >= 2


def test_sites_too_far_for_the_reads_stay_apart(tmp_path):
    records = [UNPHASED[0], "chr1 9000 . T C . PASS . GT 0/1"]
    reads = [*_pairs(G, "x"), *_pairs({}, "y"), *tiled({9000: ("T", "C")}, [(8950, 9050)] * 9, "z")]
    rows = _rows(tmp_path, records, reads)
    assert [rows[p]["phased"] for p in (1100, 9000)] == [False, False]
    assert [rows[p]["phase_source"] for p in (1100, 9000)] == [None, None]


def test_the_phase_of_the_file_stands_and_a_contradiction_is_told(tmp_path):
    records = [
        "chr1 1100 . A G . PASS . GT:PS 0|1:7",
        "chr1 1300 . C T . PASS . GT:PS 0|1:7",
    ]
    rows = _rows(tmp_path, records, [*_pairs(G, "x"), *_pairs(T, "y")])
    for pos, bases in ((1100, ("A", "G")), (1300, ("C", "T"))):
        assert (rows[pos]["allele_1"], rows[pos]["allele_2"]) == bases
        assert (rows[pos]["phase_set"], rows[pos]["phase_source"]) == ("7", "file")
        assert "phase it otherwise than the file" in rows[pos]["phase_warning"]
    for mode in ("compatible", "posterior"):
        for row in _called(rows, mode)[1]:
            assert any("otherwise than the file" in text for text in row["warnings"])


def test_reads_that_agree_with_the_file_are_told(tmp_path):
    records = ["chr1 1100 . A G . PASS . GT 0|1", "chr1 1300 . C T . PASS . GT 1|0"]
    rows = _rows(tmp_path, records, [*_pairs(G, "x"), *_pairs(T, "y")])
    for pos in (1100, 1300):
        assert (rows[pos]["phase_source"], rows[pos]["phase_warning"]) == ("file", None)
        assert rows[pos]["phase_set"] is None
        assert rows[pos]["phase_reads"] > 0


def test_reads_link_an_unphased_site_to_the_phase_of_the_file(tmp_path):
    records = [
        "chr1 1100 . A G . PASS . GT:PS 1|0:7",
        "chr1 1300 . C T . PASS . GT:PS 0|1:7",
        "chr1 1500 . G A . PASS . GT 0/1",
    ]
    rows = _rows(tmp_path, records, [*_pairs(G, "x"), *_pairs({**T, **A}, "y")])
    assert (rows[1100]["allele_1"], rows[1300]["allele_1"]) == ("G", "C")
    assert (rows[1500]["allele_1"], rows[1500]["allele_2"]) == ("G", "A")
    assert [rows[p]["phase_set"] for p in (1100, 1300, 1500)] == ["7"] * 3
    assert [rows[p]["phase_source"] for p in (1100, 1300, 1500)] == ["file", "file", FROM_READS]


@pytest.mark.parametrize(
    ("reads", "state", "reason"),
    [
        (tiled({}, [(8900, 9400)] * 6, "r"), "reference", None),
        (tiled({}, [(8900, 9400)] * 3, "r"), "not_assessed", "3 reads where 4 are needed"),
        ([], "not_assessed", "0 reads where 4 are needed"),
        (tiled({}, [(8900, 9400)] * 6, "r", mapping_quality=3), "not_assessed", "0 reads"),
        (tiled({}, [(8900, 9400)] * 6, "r", base_quality=5), "not_assessed", "0 reads"),
        (tiled({}, [(8900, 9400)] * 6, "r", flag=0x400), "not_assessed", "0 reads"),
        (tiled({9000: ("T", "C")}, [(8900, 9400)] * 6, "r"), "not_assessed", "another base"),
        (
            [
                *tiled({}, [(8900, 9400)] * 4, "r"),
                *tiled({9000: ("T", "G")}, [(8900, 9400)] * 2, "q"),
            ],
            "not_assessed",
            "another base",
        ),
        (
            [*tiled({}, [(8900, 9400)] * 19, "r"), Read("q", 8900, 9400, {9000: ("T", "G")})],
            "reference",
            None,
        ),
        (tiled({8999: ("GT", "G")}, [(8900, 9400)] * 6, "r"), "not_assessed", "another base"),
    ],
)
def test_reads_decide_where_the_file_has_no_record(tmp_path, reads, state, reason):
    rows = _rows(tmp_path, UNPHASED, [*reads, *_pairs({}, "x")])
    row = rows[9000]
    assert (row["state"], row["state_source"]) == (state, "reads")
    assert reason is None or reason in row["reason"]
    assert (row["allele_1"], row["allele_2"]) == (
        ("T", "T") if state == "reference" else (None, None)
    )
    assert state != "reference" or row["depth"] >= 6
    if state == "reference":
        counts = [int(count) for count in row["allele_depths"].split(",")]
        assert sum(counts) == row["depth"]
        assert row["record_alleles"] == ["T", "*"]
    # What the file says is left as it is.
    assert rows[1100]["state_source"] == "file"


@pytest.mark.parametrize(
    ("spans", "edits", "state"),
    [
        ([(8900, 9400)] * 6, {}, "reference"),
        ([(8900, 9210)] * 6, {}, "not_assessed"),
        ([(9190, 9400)] * 6, {}, "not_assessed"),
        ([(8900, 9400)] * 6, {9200: ("CAT", "C")}, "not_assessed"),
        ([(8900, 9400)] * 6, {9200: ("C", "CAT")}, "not_assessed"),
    ],
)
def test_a_position_of_indels_needs_reads_that_reach_beyond_it(tmp_path, spans, edits, state):
    row = _rows(tmp_path, UNPHASED, tiled(edits, spans, "r"))[9200]
    assert (row["state"], row["state_source"]) == (state, "reads")


def test_reads_stand_before_the_setting_for_absent_positions(tmp_path):
    settings = SiteSettings(4, 10, absent_is_reference=True)
    reads = tiled({9000: ("T", "C")}, [(8900, 9100)] * 8, "r")
    assert _rows(tmp_path, UNPHASED, reads, settings)[9000]["state"] == "not_assessed"


def test_a_record_that_failed_is_not_made_reference_by_reads(tmp_path):
    records = ["chr1 9000 . T C . low . GT 0/1"]
    row = _rows(tmp_path, records, tiled({}, [(8900, 9400)] * 9, "r"))[9000]
    assert (row["state"], row["state_source"]) == ("not_assessed", "file")
    assert "FILTER low" in row["reason"]


def test_phase_and_coverage_of_a_cram(tmp_path):
    length = 16_569
    bases = sequence(length, {1100: "A", 1300: "C", 5000: "T"})
    gene = make_gene(
        [(1100, "A", "G"), (1300, "C", "T"), (5000, "T", "C")],
        {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {2: "C"}},
        chrom="chrM",
    )
    fasta = write_fasta(tmp_path / "ref.fa", {"chrM": bases})
    reads = [
        *tiled(G, [(1000, 1400)] * 8, "x", chrom="chrM"),
        *tiled(T, [(1000, 1400)] * 8, "y", chrom="chrM"),
        *tiled({}, [(4900, 5100)] * 8, "z", chrom="chrM"),
    ]
    cram = write_reads(
        tmp_path / "reads.cram", reads, {"chrM": (1, bases)}, fasta=fasta, lengths={"chrM": length}
    )
    alignment = admitted(cram, tmp_path / "work", str(fasta))
    table = read_table(write_vcf(tmp_path / "in.vcf", []), definitions_of(gene))
    het = [Observation(CALLED, one) for one in genotypes("A/G", "C/T")]
    (absent,) = table.observations(gene)[0][2:]
    (tmp_path / "work").mkdir(exist_ok=True)
    found = read_backing.apply(
        table.layout,
        {"GENE1": (*(_recorded(one) for one in het), absent)},
        Reads(alignment, ReadSettings(min_depth=4), tmp_path / "work"),
    )["GENE1"]
    assert [one.genotype.bases for one in found] == [("A", "G"), ("T", "C"), ("T",)]
    assert found[2].measured.depth == 8
    assert sorted(path.name for path in (tmp_path / "work").glob("phase*")) == []


def _recorded(seen):
    return replace(seen, measured=replace(seen.measured, record=1))


def test_nothing_but_reads_over_the_variants_is_copied(tmp_path, monkeypatch):
    # Reads are phased in a process of its own, which tells by a file what it was given.
    names = tmp_path / "names"
    real = read_phasing._whatshap

    def spy(alignment, reads, *rest):
        with pysam.AlignmentFile(str(reads)) as file:
            names.write_text("\n".join(read.query_name for read in file))
        return real(alignment, reads, *rest)

    monkeypatch.setattr(read_phasing, "_whatshap", spy)
    _rows(tmp_path, UNPHASED, [*_pairs(G, "x"), *_pairs(T, "y"), *REFERENCE_READS])
    copied = names.read_text().splitlines()
    assert copied
    assert not any(name.startswith("far") for name in copied)


V = [Heterozygous("chr1", pos, "A", "G") for pos in (10, 20, 30)]


@pytest.mark.parametrize(
    ("links", "blocks"),
    [
        ({(0, 1, True): 2, (1, 2, True): 2}, [(0, 1, 2)]),
        ({(0, 1, True): 2, (1, 2, True): 1}, [(0, 1)]),
        ({(0, 1, True): 1, (1, 2, True): 1}, []),
        ({(0, 2, True): 2}, [(0, 1, 2)]),
        ({(0, 1, True): 9, (0, 1, False): 1, (1, 2, True): 2}, [(0, 1, 2)]),
        ({(0, 1, True): 8, (0, 1, False): 1, (1, 2, True): 2}, [(1, 2)]),
    ],
)
def test_a_phase_set_is_split_where_reads_are_few_or_contradict(links, blocks):
    alt_first = dict(zip(V, (True, False, True), strict=True))
    fragments = []
    for (i, j, agree), count in links.items():
        fragments += [{V[i]: alt_first[V[i]], V[j]: alt_first[V[j]] == agree}] * count
    found = read_phasing.split(alt_first, fragments, ReadSettings())
    assert [tuple(V.index(v) for v in block.alt_first) for block in found] == blocks
    for block in found:
        assert all(block.alt_first[v] == alt_first[v] for v in block.alt_first)


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([None, "7", "8"])), min_size=2, max_size=6),
    st.data(),
)
def test_reads_that_tell_the_truth_never_contradict_and_never_turn_a_phase_set(sites, data):
    """Sites with a true strand, some phased by the file; blocks of reads in any grouping."""
    turned = {name: data.draw(st.booleans()) for name in (None, "7", "8")}
    variants = {i: Heterozygous("chr1", 10 * i + 10, "A", "G") for i in range(len(sites))}
    observations = []
    for alt_first, phase_set in sites:
        phased = data.draw(st.booleans())
        way = alt_first ^ turned[phase_set]
        text = "/".join(("G", "A") if way else ("A", "G"))
        text = text.replace("/", "|") + (f":{phase_set}" if phase_set else "") if phased else "A/G"
        observations.append(Observation(CALLED, *genotypes(text)))
    blocks = []
    for _ in range(data.draw(st.integers(0, 3))):
        chosen = data.draw(st.sets(st.sampled_from(range(len(sites))), min_size=2))
        way = data.draw(st.booleans())
        blocks.append(ReadBlock({variants[i]: sites[i][0] ^ way for i in sorted(chosen)}, 5))
    found = phase_sets.join(tuple(observations), variants, blocks)
    assert not any(one.phase_warning for one in found)
    by_set = {}
    for i, (before, after) in enumerate(zip(observations, found, strict=True)):
        assert sorted(after.genotype.bases) == sorted(before.genotype.bases)
        if after.genotype.phased:
            way = (after.genotype.bases[0] == "G") ^ sites[i][0]
            assert by_set.setdefault(after.genotype.phase_set, way) == way
    linked = [{i for i, v in variants.items() if v in block.alt_first} for block in blocks]
    for together in linked:
        assert len({found[i].genotype.phase_set for i in together}) == 1
        assert all(found[i].genotype.phased for i in together)


def test_a_deletion_is_phased_with_a_base(tmp_path):
    records = ["chr1 9000 . T C . PASS . GT 0/1", "chr1 9200 . CAT C . PASS . GT 0/1"]
    spans = [(8900 + n, 9400 + n) for n in range(8)]
    reads = [
        *tiled({9000: ("T", "C")}, spans, "x"),
        *tiled({9200: ("CAT", "C")}, spans, "y"),
    ]
    rows = _rows(tmp_path, records, reads)
    assert (rows[9000]["allele_1"], rows[9000]["allele_2"]) == ("T", "C")
    assert (rows[9200]["allele_1"], rows[9200]["allele_2"]) == ("C", "CAT")
    # Without a reference sequence WhatsHap does not tell the length in every read.
    assert rows[9200]["phase_reads"] >= 8
