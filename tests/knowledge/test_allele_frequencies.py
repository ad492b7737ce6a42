"""Allele frequencies: what is read, who is counted, and what the checks of a pack refuse."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from knowledge_builders import small_tables, write_tables

from apothecary.errors import ResourceError
from apothecary.knowledge import build
from apothecary.knowledge.importers import allele_frequencies
from apothecary.pharmacogenes.definitions import Definitions, from_tables


def _archive(path: Path, genes: dict[str, dict[str, dict[str, float]]]) -> Path:
    value = {gene: {"diplotype_frequency": str(pairs)} for gene, pairs in genes.items()}
    data = json.dumps(value).encode()
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("panno-1/panno/assets/pgx_diplotypes.json")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return path


def _everywhere(frequency: float) -> dict[str, float]:
    groups = ("Sub-Saharan African", "Latino", "East Asian", "European", "Central/South Asian")
    return dict.fromkeys(groups, frequency)


def test_published_frequencies_are_the_roots_of_homozygotes(tmp_path):
    good = {"*1/*1": _everywhere(0.64), "*1/*2": _everywhere(0.32), "*2/*2": _everywhere(0.04)}
    filled = {"*1/*1": _everywhere(0.64), "*2/*2": _everywhere(0.64), "*3/*3": _everywhere(0.64)}
    found = allele_frequencies.read_published(
        _archive(tmp_path / "a.tar.gz", {"A": good, "B": filled})
    )
    assert set(found) == {"A"}
    assert found["A"]["EUR"] == pytest.approx({"*1": 0.8, "*2": 0.2})


def test_another_archive_is_refused(tmp_path):
    path = tmp_path / "other.tar.gz"
    with tarfile.open(path, "w:gz"):
        pass
    with pytest.raises(ResourceError, match="a source archive of panno"):
        allele_frequencies.read_published(path)


def _panel(folder: Path, alt: str, genotypes: list[str]) -> Path:
    samples = [f"S{i}" for i in range(len(genotypes))]
    lines = [
        "##fileformat=VCFv4.2",
        "##contig=<ID=chr10>",
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">',
        "\t".join(
            ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]
        ),
        "\t".join(["chr10", "100", ".", "A", alt, ".", "PASS", ".", "GT", *genotypes]),
    ]
    path = folder / "CYP9Z9.GRCh38.vcf.gz"
    with gzip.open(path, "wt") as stream:
        stream.write("\n".join(lines) + "\n")
    return path


def test_counted_are_labelled_samples_that_are_not_left_out(tmp_path):
    path = _panel(tmp_path, "G", ["0|1", "1|1", "0|0", "0|1", "1|1", "1|1"])
    labels = {"S0": ("EUR", "F"), "S1": ("EUR", "M"), "S2": ("AFR", "F"), "S4": ("EUR", "F")}
    definitions = Definitions(from_tables(small_tables()))
    found = allele_frequencies.import_frequencies(
        definitions, [path], labels, {"S4"}, {}, "panel", "published"
    )
    rows = found["pgx_allele_frequencies"]
    counted = {(r["population"], r["allele"]): (r["count"], r["chromosomes"]) for r in rows}
    assert counted == {
        ("EUR", "*1"): (1.0, 4),
        ("EUR", "*2"): (3.0, 4),
        ("AFR", "*1"): (2.0, 2),
    }
    assert {row["source_id"] for row in rows} == {"panel"}
    with pytest.raises(ResourceError, match="no sample of a known population"):
        allele_frequencies.import_frequencies(definitions, [path], {}, set(), {}, "panel", "p")


def test_a_base_that_leaves_the_residue_as_it_is_counts_as_the_reference(tmp_path):
    path = _panel(tmp_path, "G,T,C", ["0|2", "1|3"])
    tables = small_tables()
    (position,) = [r for r in tables["pgx_positions"] if (r["gene"], r["pos"]) == ("CYP9Z9", 100)]
    silent = {"gene": "CYP9Z9", "position_id": position["position_id"], "bases": "T"}
    definitions = Definitions(from_tables({**tables, "pgx_silent_bases": [silent]}))
    labels = {"S0": ("EUR", "F"), "S1": ("EUR", "F")}
    found = allele_frequencies.import_frequencies(
        definitions, [path], labels, set(), {}, "panel", "published"
    )
    counted = {row["allele"]: row["count"] for row in found["pgx_allele_frequencies"]}
    assert counted == {"*1": 2.0, "*2": 1.0, "undefined": 1.0}


def _row(**change):
    return {
        "gene": "CYP9Z9",
        "population": "EUR",
        "allele": "*1",
        "count": 4.0,
        "chromosomes": 4,
        "source_id": "made",
        **change,
    }


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([_row(allele="*9")], "CYP9Z9 \\*9 is no allele"),
        ([_row(population="XXX")], "'XXX' is no population"),
        ([_row(count=5.0)], "5.0 of 4 chromosomes"),
        ([_row(count=2.0)], "the counts add up to 2"),
        ([_row(source_id="none")], "'none' is no source"),
    ],
)
def test_faulty_frequencies_are_refused(tmp_path, rows, text):
    tables = small_tables()
    tables["pgx_allele_frequencies"] = rows
    write_tables(tmp_path / "in", tables)
    with pytest.raises(ResourceError, match=text):
        build.build(tmp_path / "in", tmp_path / "out")


def test_good_frequencies_are_built(tmp_path):
    tables = small_tables()
    tables["pgx_allele_frequencies"] = [_row(count=3.0), _row(allele="undefined", count=1.0)]
    write_tables(tmp_path / "in", tables)
    pack = build.build(tmp_path / "in", tmp_path / "out")
    assert len(pack.rows("pgx_allele_frequencies")) == 2
