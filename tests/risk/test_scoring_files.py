"""Scoring files: what is read of them, and what is refused in one line."""

from __future__ import annotations

import gzip
import math
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1]))
import risk_builders as build
from risk_builders import at, write

from apothecary.errors import WorkflowInputError
from apothecary.risk import header, installed, scoring_files
from apothecary.risk.scoring_files import ScoreVariant


def read(path: str, *, leave_out: bool = False) -> tuple[ScoreVariant, ...]:
    return scoring_files.load(path, leave_out=leave_out).variants


def refused(path: str, **options: bool) -> list[str]:
    with pytest.raises(WorkflowInputError) as caught:
        read(path, **options)
    return [problem.line().removeprefix(path) for problem in caught.value.problems]


def test_a_score_is_read_with_what_its_file_says_of_it(tmp_path):
    path = write(tmp_path, [at(1000), at(2000, effect_allele="T", other_allele="")])
    score = scoring_files.load(path, leave_out=False)
    assert (score.header.model, score.header.trait) == ("PGS000001", "a trait")
    assert (score.header.licence, score.header.citation) == ("a licence", "Someone et al. (2026)")
    first, second = score.variants
    assert (first.chrom, first.pos, first.effect, first.other) == ("chr1", 1000, "G", "A")
    assert (first.weights, first.model, first.left_out) == ((0.5,), "additive", None)
    assert second.other is None


def test_the_packed_file_is_read_as_the_plain_one(tmp_path):
    path = write(tmp_path, [at(1000)])
    packed = tmp_path / "score.txt.gz"
    packed.write_bytes(gzip.compress(Path(path).read_bytes(), mtime=0))
    assert read(str(packed)) == read(path)
    packed.write_bytes(packed.read_bytes()[:-9])
    assert refused(str(packed)) == [
        ": the gzip data end early; give a scoring file of the PGS Catalog, plain or gzipped"
    ]


def test_harmonised_positions_go_before_those_of_the_authors(tmp_path):
    row = at(5, hm_chr="2", hm_pos="500")
    (found,) = read(write(tmp_path, [row], genome_build="NR", HmPOS_build="GRCh38"))
    assert (found.chrom, found.pos) == ("chr2", 500)
    (found,) = read(write(tmp_path, [{**row, "hm_chr": "", "hm_pos": ""}], HmPOS_build="GRCh38"))
    assert found.left_out == "no_position"
    assert header.read(write(tmp_path, [row], HmPOS_build="GRCh37")).build == "GRCh37"


@pytest.mark.parametrize("stated", ["NR", "NCBI36", ""])
def test_a_build_that_is_not_known_is_refused(tmp_path, stated):
    (line,) = refused(write(tmp_path, [at(1000)], genome_build=stated))
    assert line.startswith(", genome_build: ")
    assert line.endswith("give the file that the Catalog harmonised to GRCh38 or GRCh37")


@pytest.mark.parametrize(
    ("weight_type", "weight", "summed"),
    [
        ("OR", "2", math.log(2)),
        ("HR", "0.5", math.log(0.5)),
        ("OR/HR", "1", 0.0),
        ("log(OR)", "0.7", 0.7),
        ("beta", "-1e-3", -0.001),
        ("NR", "3", 3.0),
    ],
)
def test_ratios_are_logged_and_other_weights_are_not(tmp_path, weight_type, weight, summed):
    (found,) = read(write(tmp_path, [at(1000, effect_weight=weight)], weight_type=weight_type))
    assert found.weights == pytest.approx((summed,))


def test_a_row_without_weight_takes_its_ratio(tmp_path):
    (found,) = read(write(tmp_path, [at(1000, effect_weight="", OR="4")]))
    assert found.weights == pytest.approx((math.log(4),))


def test_weights_of_dosages_are_read_together(tmp_path):
    weights = {"dosage_0_weight": "0", "dosage_1_weight": "1", "dosage_2_weight": "-2"}
    (found,) = read(write(tmp_path, [at(1000, effect_weight="", **weights)]))
    assert (found.model, found.weights) == ("by_dosage", (0.0, 1.0, -2.0))
    weights["dosage_1_weight"] = ""
    (line,) = refused(write(tmp_path, [at(1000, effect_weight="", **weights)]))
    assert line == ", row 11, dosage_1_weight: empty; a finite number"


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"effect_weight": "much"}, "effect_weight: 'much'; a finite number"),
        ({"effect_weight": "nan"}, "effect_weight: 'nan'; a finite number"),
        ({"effect_weight": "1e300"}, "effect_weight: '1e300'; a finite number"),
        ({"effect_weight": ""}, "effect_weight: empty; a number"),
        ({"effect_allele": ""}, "effect_allele: empty; the allele that is counted"),
        ({"other_allele": "g"}, "other_allele: 'G'; another allele than effect_allele"),
        ({"chr_position": "1e6"}, "chr_position: '1e6'; a whole number from 1, or empty"),
        ({"chr_position": "999999999"}, "chr_position: 999999999; a position of chr1 in GRCh38"),
        ({"is_dominant": "maybe"}, "is_dominant: 'maybe'; TRUE, FALSE or empty"),
        (
            {"is_dominant": "TRUE", "is_recessive": "True"},
            "is_recessive: TRUE beside is_dominant; one of the two",
        ),
        (
            {"allelefrequency_effect": "1.2"},
            "allelefrequency_effect: '1.2'; a frequency from 0 to 1",
        ),
    ],
)
def test_a_cell_that_cannot_be_meant_is_told_with_its_row(tmp_path, cells, line):
    assert refused(write(tmp_path, [at(500), at(1000, **cells)])) == [f", row 12, {line}"]


def test_a_ratio_must_be_above_nothing(tmp_path):
    (line,) = refused(write(tmp_path, [at(1000, effect_weight="-0.1")], weight_type="OR"))
    assert line == ", row 11, effect_weight: '-0.1'; a ratio above 0, whose logarithm is summed"


def test_a_table_of_wrong_cells_is_told_by_its_first_rows(tmp_path):
    rows = [at(pos, effect_weight="x") for pos in range(1, 40)]
    assert len(refused(write(tmp_path, rows))) == scoring_files.PROBLEMS_CAP


@pytest.mark.parametrize("kind", scoring_files.COMPLEX)
def test_rows_of_more_than_one_variant_refuse_the_file_or_are_left_out(tmp_path, kind):
    rows = [at(500), at(1000, **{f"is_{kind}": "True"}), at(2000, **{f"is_{kind}": "TRUE"})]
    path = write(tmp_path, rows)
    (line,) = refused(path)
    assert line.startswith(f", row 12, is_{kind}: the row is more than one variant ({kind}) (rows")
    assert [one.left_out for one in read(path, leave_out=True)] == [None, kind, kind]


def test_a_variant_that_is_there_twice_is_neither(tmp_path):
    twice = [at(500), at(1000), at(1000, effect_allele="A", other_allele="G")]
    path = write(tmp_path, twice)
    (line,) = refused(path)
    assert line.startswith(", row 12, effect_allele: the variant is there twice (rows like it: 2)")
    assert [one.left_out for one in read(path, leave_out=True)] == [None, "repeated", "repeated"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"chr_name": "MT"}, "other_chromosome"),
        ({"chr_name": "HSCHR6_MHC_APD"}, "other_chromosome"),
        ({"chr_position": ""}, "no_position"),
        ({"effect_allele": "HLA-B*57:01"}, "not_bases"),
        ({"other_allele": "I"}, "not_bases"),
    ],
)
def test_what_has_no_place_or_bases_takes_no_part(tmp_path, cells, reason):
    assert [one.left_out for one in read(write(tmp_path, [at(1000, **cells)]))] == [reason]


def test_an_inferred_other_allele_counts_when_it_is_one(tmp_path):
    rows = [
        at(pos, other_allele="", hm_inferOtherAllele=text)
        for pos, text in ((1, "A"), (2, "A/T"), (3, ""))
    ]
    assert [one.other for one in read(write(tmp_path, rows))] == ["A", None, None]


def test_a_cut_file_is_refused_by_its_number_of_rows(tmp_path):
    (line,) = refused(write(tmp_path, [at(1000)], variants_number="2"))
    assert line.startswith(": 1 rows, but variants_number is 2: the file was cut")
    assert read(write(tmp_path, [at(1000)], variants_number="1"))


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"#pgs_id=x\n", b"PK\x03\x04 a zip"])
def test_what_is_no_scoring_file_is_told_in_one_line(tmp_path, content):
    path = tmp_path / "score.txt"
    path.write_bytes(content)
    assert len(refused(str(path))) == 1


def test_each_score_stands_once_a_build(tmp_path):
    first = write(tmp_path, [at(1000)], "a.txt")
    other = write(tmp_path, [at(900)], "b.txt", genome_build="GRCh37")
    installed.check({"scores": [first, other], "references": ""})
    again = write(tmp_path, [at(1000)], "c.txt", genome_build="hg38")
    with pytest.raises(WorkflowInputError) as caught:
        installed.check({"scores": [first, other, again], "references": ""})
    assert str(caught.value) == (
        f"{again}, pgs_id: PGS000001 of GRCh38, as in {first}; each score once a build"
    )


BASES = st.text("ACGT", min_size=1, max_size=4)
WEIGHTS = st.floats(-1e100, 1e100)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["1", "chr2", "X"]),
            st.integers(1, 1_000_000),
            st.tuples(BASES, BASES).filter(lambda pair: pair[0] != pair[1]),
            WEIGHTS,
            st.none() | st.floats(0, 1),
            st.sampled_from(["additive", "dominant", "recessive"]),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[:2],
    )
)
def test_what_is_written_is_read(tmp_path, rows):
    cells = [
        {
            "chr_name": chrom,
            "chr_position": pos,
            "effect_allele": pair[0],
            "other_allele": pair[1],
            "effect_weight": repr(weight),
            "allelefrequency_effect": "" if frequency is None else repr(frequency),
            "is_dominant": model == "dominant",
            "is_recessive": model == "recessive",
        }
        for chrom, pos, pair, weight, frequency, model in rows
    ]
    path = build.write(tmp_path, cells, variants_number=str(len(cells)))
    found = scoring_files.read(header.read(path), leave_out=True)
    kept = [one for one in found if one.left_out is None]
    given_rows = {(c.removeprefix("chr"), p): (*pair, (w,), f, m) for c, p, pair, w, f, m in rows}
    for one in kept:
        place = (one.chrom.removeprefix("chr"), one.pos)
        assert given_rows[place] == (one.effect, one.other, one.weights, one.frequency, one.model)
    assert len(found) == len(rows)
    assert len(kept) == len(rows)
