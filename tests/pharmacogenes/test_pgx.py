from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pharmacogene_builders import write_vcf

from apothecary import schemas, tables
from apothecary.errors import WorkflowInputError
from apothecary.knowledge import build
from apothecary.pharmacogenes import pgx

VKORC1 = 31_096_368


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return folder


@pytest.fixture
def options(pack: Path, tmp_path: Path) -> pgx.PgxOptions:
    path = tmp_path / "in.vcf"
    write_vcf(path, [f"chr16 {VKORC1} . C T . PASS . GT 0/1 1/1"], ("S2", "S1"))
    text = path.read_text().replace("##contig=<ID=1>", "##contig=<ID=chr16>")
    path.write_text(text)
    return pgx.PgxOptions(file=path, out=tmp_path / "out", pack=pack)


def _diplotypes(options: pgx.PgxOptions) -> list[tuple[str, str]]:
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    return [(r["sample_id"], r["diplotype"]) for r in rows if r["gene"] == "VKORC1"]


def test_all_samples_of_a_file(options) -> None:
    summary = pgx.run_pgx(options)
    c, t = "rs9923231 reference (C)", "rs9923231 variant (T)"
    assert _diplotypes(options) == [("S1", f"{t}/{t}"), ("S2", f"{c}/{t}")]
    assert str(summary).startswith("2 samples, GRCh38: 2 of 42 genes called\n")
    for table in (schemas.SITES, schemas.PHENOTYPES, schemas.RECOMMENDATIONS):
        rows = tables.read_rows(options.out / f"{table.name}.parquet", table)
        assert {row["sample_id"] for row in rows} == {"S1", "S2"}
    sites = tables.read_rows(options.out / "sites.parquet", schemas.SITES)
    assert sum(row["state"] == "called" for row in sites) == 2


def test_one_sample(options) -> None:
    pgx.run_pgx(replace(options, sample="S2"))
    assert [sample for sample, _ in _diplotypes(options)] == ["S2"]
    with pytest.raises(WorkflowInputError, match="no sample 'S9'"):
        pgx.run_pgx(replace(options, sample="S9"))


def test_the_same_bytes_again(options, tmp_path) -> None:
    again = replace(options, out=tmp_path / "again")
    pgx.run_pgx(options)
    pgx.run_pgx(again)
    for file in sorted(options.out.iterdir()):
        assert file.read_bytes() == (again.out / file.name).read_bytes()


def test_rows_are_those_of_the_rules_of_a_run(options, pack) -> None:
    from apothecary.knowledge import pack as knowledge
    from apothecary.pharmacogenes import (
        definitions,
        diplotypes,
        phenotypes,
        recommendations,
        whole_guidelines,
    )

    pgx.run_pgx(options)
    opened = knowledge.load(pack)
    genes = definitions.from_pack(opened)
    sites = tables.read_rows(options.out / "sites.parquet", schemas.SITES)
    called = diplotypes.call(sites, genes, diplotypes.MatchSettings())
    assigned = phenotypes.assign(called, genes)
    shown = whole_guidelines.positions_of_samples(sites, genes)
    matched = recommendations.match(assigned, opened, None, shown)
    for table, rows in (
        (schemas.DIPLOTYPES, called),
        (schemas.PHENOTYPES, assigned),
        (schemas.RECOMMENDATIONS, matched),
    ):
        written = tables.read(options.out / f"{table.name}.parquet", table)
        assert written.equals(tables.to_arrow(table, rows)), table.name


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"mode": "posterior"}, "comes with a later version"),
        ({"mode": "other"}, "one of compatible, posterior"),
        ({"sex": "Z"}, "--sex: 'Z'; F or M"),
        ({"outside": (Path("o.tsv"),)}, "name it with --sample"),
    ],
)
def test_options_that_cannot_be_taken(options, change, text) -> None:
    with pytest.raises(WorkflowInputError, match=text):
        pgx.run_pgx(replace(options, **change))
    assert not options.out.exists()


def test_reference_bases_of_neither_build(options) -> None:
    text = options.file.read_text().replace("\tC\tT\t", "\tG\tT\t")
    options.file.write_text(text)
    with pytest.raises(WorkflowInputError, match="REF differs from the reference at 1 of 1"):
        pgx.run_pgx(options)


def test_no_position_at_all_is_never_reference(options) -> None:
    text = options.file.read_text().replace(str(VKORC1), "5000")
    options.file.write_text(text)
    summary = pgx.run_pgx(options)
    assert "no record at any position of the definitions" in str(summary)
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    assert {row["diplotype"] for row in rows} == {None}
    assert {row["method"] for row in rows} == {"not_called"}
