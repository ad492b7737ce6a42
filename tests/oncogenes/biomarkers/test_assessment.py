"""The biomarkers of a batch of tumors together."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import consequence, reverse_complement, sample, variant

from apothecary import schemas, settings, sheets, tables
from apothecary.errors import WorkflowInputError
from apothecary.oncogenes.biomarkers import assessment, means, resources
from apothecary.oncogenes.biomarkers.assessment import Batch, Means
from apothecary.oncogenes.biomarkers.resources import Matrix
from apothecary.oncogenes.settings import Settings

ALL = {
    "tmb_coding",
    "tmb_nonsynonymous",
    "tmb_missense",
    "tmb_all",
    "msi_variants",
    "msi_reads",
    "hrd_biallelic",
    "hrd_signatures",
    "hrd_microhomology",
}


@pytest.fixture(scope="module")
def config(repository: Path) -> dict[str, Any]:
    schema = sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")
    return dict(settings.check({"samples": "x"}, schema, "config"))


@pytest.fixture(scope="module")
def given(repository: Path, config: Mapping[str, Any]) -> Means:
    files = (repository / "resources" / "biomarkers").glob("*.tsv")
    return Means(resources.load(files), config["biomarkers"], Settings())


def tumor(name: str, **changes: Any) -> dict[str, Any]:
    return sample(**{"sample_id": name, "assay": "exome", "format": "vcf", **changes})


def batch(variants: list[dict[str, Any]], named: str = "missense_variant") -> Batch:
    rows = [consequence(v, "G", consequence=named) for v in variants]
    return Batch(variants, rows, [], [], [])


def many(name: str, count: int, **changes: Any) -> list[dict[str, Any]]:
    return [variant(sample_id=name, pos=1000 + 5 * at, **changes) for at in range(count)]


def test_every_tumor_has_every_biomarker_and_every_catalogue(given, tmp_path):
    variants = [*many("A", 400, vaf=0.23), *many("B", 3, vaf=0.23)]
    markers, signatures = assessment.assess(
        [tumor("A"), tumor("B"), tumor("C")], batch(variants), given
    )
    for name in "ABC":
        assert {r["biomarker"] for r in markers if r["sample_id"] == name} == ALL
        assert {r["catalogue"] for r in signatures if r["sample_id"] == name} == {
            "SBS96",
            "DBS78",
            "ID83",
        }
    status = {(r["sample_id"], r["biomarker"]): r["status"] for r in markers}
    assert status["A", "tmb_coding"] == "high"
    assert status["B", "tmb_coding"] == status["C", "tmb_coding"] == "not_high"
    tables.write(tmp_path / "b.parquet", schemas.BIOMARKERS, markers)
    tables.write(tmp_path / "s.parquet", schemas.SIGNATURES, signatures)


def test_calls_that_look_germline_have_no_biomarker(given):
    variants = many("A", 280, vaf=0.5)
    variants += [{**v, "pos": v["pos"] + 50_000, "vaf": 1.0} for v in many("A", 120)]
    markers, signatures = assessment.assess([tumor("A")], batch(variants), given)
    assert {row["status"] for row in (*markers, *signatures)} == {"withheld"}
    assert all(row["value"] is None and row["numerator"] is None for row in markers)
    assert "look like germline calls" in markers[0]["reason"]


def test_why_the_context_is_not_known_is_told(given):
    _, signatures = assessment.assess([tumor("A")], batch(many("A", 200, vaf=0.2)), given)
    first = next(row for row in signatures if row["catalogue"] == "SBS96")
    assert "200 of 200 mutations have no known context" in first["reason"]
    assert "reference.fasta" in first["reason"]
    lifted = batch(many("A", 200, vaf=0.2, build="GRCh37"))
    _, signatures = assessment.assess([tumor("A")], lifted, given)
    (substitutions,) = [row for row in signatures if row["catalogue"] == "SBS96"]
    assert "they are on GRCh37" in substitutions["reason"]


def test_means_are_read_from_the_files_of_a_run(repository, config, tmp_path):
    bed = tmp_path / "coding.bed"
    bed.write_text("chr7\t999\t2000\nchr7\t1500\t2500\n", encoding="utf-8")
    biomarkers = {
        **config["biomarkers"],
        "tmb": {**config["biomarkers"]["tmb"], "regions": str(bed)},
    }
    files = [str(path) for path in (repository / "resources" / "biomarkers").glob("*.tsv")]
    read = means.load(files, [], {**config, "biomarkers": biomarkers}, tmp_path / "work")
    assert read.regions == [("chr7", 1000, 2500)]
    assert (read.reference, read.baseline) == (None, {})
    bed.write_text("chr7\tx\ty\n", encoding="utf-8")
    with pytest.raises(WorkflowInputError, match="tab-separated"):
        means.load(files, [], {**config, "biomarkers": biomarkers}, tmp_path / "work")


class Genome:
    """A random stretch of chr7 that begins at 1, with homopolymers."""

    def __init__(self, length: int) -> None:
        dice = random.Random(5)
        self.text = ""
        while len(self.text) < length:
            self.text += dice.choice("ACGT") * dice.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 9))

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        inside = chrom == "chr7" and start >= 1 and end <= len(self.text)
        return self.text[start - 1 : end] if inside else None


def mutated(genome: Genome, matrix: Matrix, signature: str, count: int) -> list[dict[str, Any]]:
    """Substitutions that a signature makes, each at a place of its context on either strand."""
    dice = random.Random(6)
    places: dict[str, list[int]] = {}
    for at in range(100, len(genome.text) - 100, 3):
        places.setdefault(genome.text[at - 1 : at + 2], []).append(at)
    column = matrix.values[:, matrix.signatures.index(signature)]
    rows = {}
    while len(rows) < count:
        kind = dice.choices(matrix.types, column)[0]
        context, alt = kind[0] + kind[2] + kind[6], kind[4]
        if dice.random() < 0.5:
            context, alt = reverse_complement(context), reverse_complement(alt)
        at = dice.choice(places[context])
        rows[at] = variant(sample_id="A", pos=at + 1, ref=context[1], alt=alt, vaf=0.23)
    return list(rows.values())


def test_signatures_are_told_from_variants_and_a_reference(given):
    genome = Genome(200_000)
    matrix = given.resources.matrices["SBS96", "exome"]
    rows = mutated(genome, matrix, "SBS44", 1500)
    runs = [
        found.start()
        for found in re.finditer(r"(?<!T)T{9}(?!T)", genome.text[:150_000])
        if found.start() > 100
    ]
    for at in runs[:300]:
        ref = genome.text[at - 1 : at + 1]
        rows.append(variant(sample_id="A", pos=at, ref=ref, alt=ref[0], vaf=0.21))
    markers, signatures = assessment.assess(
        [tumor("A")], batch(rows), replace(given, reference=genome)
    )
    best = max(
        (row for row in signatures if row["catalogue"] == "SBS96"), key=lambda r: r["fraction"]
    )
    assert (best["signature"], best["group"], best["status"]) == (
        "SBS44",
        "MMR_deficiency",
        "assigned",
    )
    assert best["mutations"] == 1500
    status = {row["biomarker"]: row["status"] for row in markers}
    assert status["msi_variants"] == "msi_high"
    assert status["hrd_signatures"] == "no_hint"
