"""Scores of a batch: consent, builds, guards, percentiles, and how files are read."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pysam
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))
import variant_builders
from risk_builders import HEADER, at, block, of_records, record, scored, write

from apothecary import files
from apothecary.errors import WorkflowInputError
from apothecary.risk import genotypes, references, scores
from apothecary.variants import indexed

FOUR = [at(pos, effect_weight=w) for pos, w in ((1000, 1), (1010, 1), (1020, 1), (1030, 5))]
THREE_SEEN = [record(pos, "A", "G", "0/1") for pos in (1000, 1010, 1020)]
EUR = "model\tancestry\tmean\tsd\tpersons\tvariants\tsource\nPGS000001\tEUR\t1\t2\t500\t1\tours\n"


def test_a_row_tells_its_score_and_where_it_is_from(tmp_path):
    row = of_records(tmp_path, [record(1000, "A", "G", "1/1")], [at(1000)])
    assert (row["status"], row.get("guard"), row["score"]) == ("given", None, 1.0)
    assert (row["model"], row["trait"], row["unit"]) == ("PGS000001", "a trait", "beta")
    assert (row["source"], row["licence"]) == (HEADER["citation"], HEADER["license"])
    assert row["score_sha256"] == files.sha256(tmp_path / "score.txt")
    assert (row["variants"], row["matched"], row["imputed"], row["not_matched"]) == (1, 1, 0, 0)


def test_ratios_are_told_as_logarithms(tmp_path):
    records = [record(1000, "A", "G", "1/1")]
    row = of_records(tmp_path, records, [at(1000, effect_weight="2")], weight_type="OR")
    assert (row["unit"], row["weight_type"]) == ("log(OR)", "OR")
    assert row["score"] == pytest.approx(2 * math.log(2))


@pytest.mark.parametrize("scopes", [(), ("pharmacogenes", "secondary_findings", "ancestry")])
def test_nothing_is_read_without_consent_to_germline_findings(tmp_path, scopes, monkeypatch):
    monkeypatch.setattr(genotypes, "opened", pytest.fail)
    row = of_records(tmp_path, THREE_SEEN, FOUR, consent=scopes)
    assert (row["status"], row["reason"]) == ("withheld", "no consent to germline findings")
    told = ("score", "matched", "coverage", "percentile", "ancestry", "guard")
    assert [row.get(name) for name in told] == [None] * len(told)


def test_persons_of_a_file_are_asked_one_by_one(tmp_path):
    path = variant_builders.write(
        tmp_path,
        variant_builders.vcf([record(1000, "A", "G", "0/1 1/1 0/0")], samples=("S1", "S2", "S3")),
    )
    samples = [variant_builders.sample(path, name) for name in ("S3", "S1")]
    samples.append(variant_builders.sample(path, "S2", role="tumor"))
    rows = scored(tmp_path, samples, [write(tmp_path, [at(1000)])])
    assert [(row["sample_id"], row["score"]) for row in rows] == [("S3", 0.0), ("S1", 0.5)]


def test_a_score_below_the_coverage_is_not_given(tmp_path):
    row = of_records(tmp_path, THREE_SEEN[:2], FOUR)
    assert (row["status"], row["guard"]) == ("not_given", "coverage")
    assert row["reason"] == "2 of 4 variants were matched, 75 % are needed"
    assert row["excluded"] == ["not_assessed=2"]
    assert "score" not in row


def test_the_weights_must_be_there_as_well(tmp_path):
    row = of_records(tmp_path, THREE_SEEN, FOUR)
    assert (row["status"], row["guard"]) == ("not_given", "weight_coverage")
    assert (row["coverage"], row["weight_coverage"]) == (0.75, 0.375)
    assert of_records(tmp_path, THREE_SEEN, FOUR, min_coverage=0.3)["score"] == 3


def test_a_missing_genotype_counts_as_its_frequency_tells_and_is_told(tmp_path):
    light = [*FOUR[:3], at(1030, effect_weight="0.5", allelefrequency_effect="0.2")]
    row = of_records(tmp_path, THREE_SEEN, light)
    assert (row["matched"], row["imputed"], row["not_matched"]) == (3, 1, 0)
    assert row["score"] == pytest.approx(3 + 2 * 0.2 * 0.5)
    assert row["coverage"] == 0.75
    without = of_records(tmp_path, THREE_SEEN, light, impute_missing=False)
    assert (without["score"], without["excluded"]) == (3, ["not_assessed=1"])
    of_x = [at(1000, chr_name="X", effect_weight="1", allelefrequency_effect="0.3")]
    found = of_records(tmp_path, [], of_x, sex="M", min_coverage=0)
    assert found["score"] == pytest.approx(0.3)
    assert of_records(tmp_path, [], of_x, min_coverage=0)["imputed"] == 0


def test_what_cannot_be_matched_is_not_imputed(tmp_path):
    other = [at(1000, effect_allele="T", other_allele="C", allelefrequency_effect="0.3")]
    row = of_records(tmp_path, [record(1000, "A", "G", "0/1")], other, min_coverage=0)
    assert (row["imputed"], row["excluded"]) == (0, ["alleles_differ=1"])


def test_the_build_of_the_sample_chooses_the_file_and_nothing_is_lifted(tmp_path):
    path = variant_builders.write(tmp_path, variant_builders.vcf(THREE_SEEN))
    sample = variant_builders.sample(path)
    here = write(tmp_path, FOUR[:2], "38.txt")
    there = write(tmp_path, FOUR[:3], "37.txt", genome_build="GRCh37")
    (row,) = scored(tmp_path, [sample], [there, here])
    assert (row["build"], row["score"]) == ("GRCh38", 2)
    (row,) = scored(tmp_path, [sample], [there, here], build="GRCh37")
    assert (row["build"], row["score"]) == ("GRCh37", 3)
    (row,) = scored(tmp_path, [sample], [there])
    assert (row["status"], row["guard"]) == ("not_given", "build")
    assert row["reason"].startswith("the file of the score is of GRCh37, the sample's of GRCh38")


def test_a_file_that_cannot_be_read_stops_its_own_samples_alone(tmp_path):
    whole = variant_builders.write(tmp_path, variant_builders.vcf(THREE_SEEN), "whole.vcf")
    apart = [record(1000, "A", "G", "0/1"), record(5, "A", "G", "0/1", "chr2"), THREE_SEEN[1]]
    torn = variant_builders.write(tmp_path, variant_builders.vcf(apart), "torn.vcf")
    samples = [variant_builders.sample(whole), variant_builders.sample(torn, "S2")]
    samples[1]["sample_in_file"] = "S1"
    two = [*FOUR[:2], at(5, chr_name="2")]
    first, second = scored(tmp_path, samples, [write(tmp_path, two)], min_coverage=0)
    assert first["status"] == "given"
    assert (second["status"], second["guard"]) == ("not_given", "input")
    assert "the records of chr1 stand in more than one place; sort the file" in second["reason"]


def packed(folder: Path, records: list[str]) -> str:
    path = variant_builders.bgzip(folder, variant_builders.vcf(records))
    pysam.tabix_index(path, preset="vcf", force=True)
    return path


def test_an_index_that_counts_the_records_is_used_and_another_is_not(tmp_path, monkeypatch):
    many = [record(pos, "A", "G", "0/1") for pos in range(100, 900, 100)]
    path = packed(tmp_path, [*many, *THREE_SEEN, block(2000, 2100)])
    used = []
    found = indexed.line_chunks
    monkeypatch.setattr(
        indexed, "line_chunks", lambda path, *rest: used.append(path) or found(path, *rest)
    )
    assert genotypes.opened(path, 12, tmp_path / "w", whole=False).index == f"{path}.tbi"
    assert genotypes.opened(path, 11, tmp_path / "w", whole=False).index is None
    assert genotypes.opened(path, 12, tmp_path / "w", whole=True).index is None
    file, sample = write(tmp_path, FOUR[:3]), variant_builders.sample(path)
    rows = [scored(tmp_path, [sample], [file], records=count) for count in (12, 11)]
    assert rows[0] == rows[1]
    assert rows[0][0]["score"] == 3


def test_scores_of_a_file_are_read_in_one_go(tmp_path):
    path = variant_builders.write(tmp_path, variant_builders.vcf(THREE_SEEN))
    files = [
        write(tmp_path, FOUR[:count], f"{count}.txt", pgs_id=f"PGS00000{count}")
        for count in (3, 1, 2)
    ]
    rows = scored(tmp_path, [variant_builders.sample(path)], files)
    assert [(row["model"], row["score"]) for row in rows] == [
        (f"PGS00000{count}", count) for count in (1, 2, 3)
    ]


def placed(folder: Path, sheet: str = EUR, **options) -> dict[str, object]:
    path = variant_builders.write(folder, sheet, "references.tsv")
    variants = [at(1000, effect_weight="3")]
    return of_records(folder, [record(1000, "A", "G", "0/1")], variants, references=path, **options)


def called(population: str) -> list[dict[str, str]]:
    return [{"sample_id": "S1", "population": population, "status": "called"}]


BOTH = ("germline", "ancestry")


def test_a_percentile_is_given_among_persons_of_the_same_ancestry(tmp_path):
    row = placed(tmp_path, consent=BOTH, ancestry=called("EUR"))
    assert row["percentile"] == pytest.approx(84.134, abs=0.001)
    assert row["reference"] == "EUR: mean 1, standard deviation 2, 500 persons; ours"
    assert row["ancestry"] == "EUR"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"consent": BOTH, "ancestry": called("AFR")}, "are EUR; the person's is AFR"),
        ({"consent": BOTH}, "are EUR; the person's is not known"),
        ({"ancestry": called("EUR")}, "are EUR; the person's is not known"),
        (
            {"sheet": EUR.replace("\t1\tours", "\t3\tours"), "consent": BOTH}
            | {"ancestry": called("EUR")},
            "scored at 3 variants, not at 1",
        ),
        ({"sheet": EUR.replace("000001", "000009")}, "no reference distribution is given"),
    ],
)
def test_another_ancestry_or_other_variants_give_no_percentile(tmp_path, options, reason):
    row = placed(tmp_path, **options)
    assert row["status"] == "given"
    assert row["percentile"] is None
    assert reason in row["percentile_reason"]


def test_the_clinical_sheet_tells_the_ancestry_where_reads_do_not(tmp_path):
    told = [{"subject_id": "S1", "item": "ancestry", "value": "EUR"}]
    assert placed(tmp_path, consent=BOTH, clinical=told)["percentile"] is not None
    assert placed(tmp_path, clinical=told)["percentile"] is None
    found = placed(tmp_path, consent=BOTH, clinical=told, ancestry=called("SAS"))
    assert found["ancestry"] == "SAS"


def test_persons_of_any_ancestry_are_told_as_such(tmp_path):
    row = placed(tmp_path, EUR.replace("EUR", "any"))
    assert row["percentile"] is not None
    assert row["notes"] == ["the reference persons are not told by ancestry"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("EUR", "EU", "row 2, ancestry: 'EU'; one of AFR, AMR, EAS, EUR, SAS, any"),
        ("\t2\t500", "\t0\t500", "row 2, sd: '0'; a finite number above 0"),
        ("\t1\t2", "\tinf\t2", "row 2, mean: 'inf'; a finite number"),
        ("500", "-1", "row 2, persons: '-1'; a whole number from 1"),
        ("ours", "", "row 2, source: empty; every distribution names both"),
        ("\tsource", "\tfrom", "row 1: columns from, source differ; the columns are model"),
        ("ours\n", f"ours\n{EUR.splitlines()[1]}\n", "row 3, ancestry: PGS000001 is there twice"),
    ],
)
def test_the_sheet_of_distributions_is_held_to_its_form(tmp_path, old, new, line):
    path = variant_builders.write(tmp_path, EUR.replace(old, new), "references.tsv")
    with pytest.raises(WorkflowInputError) as caught:
        references.read(path)
    assert str(caught.value).startswith(f"{path}, {line}")


def test_every_state_of_a_variant_has_words():
    from apothecary.reports import words
    from apothecary.risk import dosage, scoring_files

    texts = words.load().texts
    named = (vars(module) for module in (dosage, scoring_files))
    states = {v for held in named for k, v in held.items() if k.isupper() and isinstance(v, str)}
    states |= set(scoring_files.COMPLEX)
    states -= {"matched", "imputed", "additive", "dominant", "recessive", "by_dosage"}
    assert states == {k.partition(".")[2] for k in texts if k.startswith("risk_excluded.")}
    given = {scores.GIVEN, scores.NOT_GIVEN, scores.WITHHELD}
    assert given == {k.partition(".")[2] for k in texts if k.startswith("risk_status.")}
