"""The pages of the pharmacogenes are those of the knowledge tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from apothecary import gene_docs


@pytest.fixture(scope="module")
def tables(repository: Path):
    return gene_docs.read(repository / "resources" / "knowledge")


def test_the_pages_are_current(repository: Path, tables) -> None:
    made = gene_docs.pages(tables)
    written = {path.stem: path for path in (repository / "docs" / "genes").glob("*.md")}
    assert sorted(written) == sorted(made), "run: python -m apothecary.gene_docs"
    for name, path in written.items():
        text = path.read_text(encoding="utf-8")
        assert text == made[name], f"{name}: run: python -m apothecary.gene_docs"


def test_every_position_allele_and_medicine_of_a_gene_is_on_its_page(tables) -> None:
    made = gene_docs.pages(tables)
    for row in tables["pgx_positions"]:
        assert f"{row['chrom']}:{row['pos']} |" in made[row["gene"]]
    for row in tables["pgx_alleles"]:
        assert row["allele"].replace("*", "\\*") in made[row["gene"]]
    for row in tables["guidance"]:
        for gene in set(row["genes"]) & set(made):
            assert f"| {row['drug']} | {row['source']} |" in made[gene]


def test_what_cannot_be_called_is_told(tables) -> None:
    made = gene_docs.pages(tables)
    assert "Small variants do not show copy number and hybrids with CYP2D7" in made["CYP2D6"]
    assert "\\*5," in made["CYP2D6"].split("## What is not called")[1].split("##")[0]
    assert "m.961T>del+Cn" in made["MT-RNR1"].split("## What is not called")[1].split("##")[0]
    assert "excludes none" in made["HLA-B"]


def test_pages_of_genes_that_are_no_more_are_taken_away(tmp_path: Path) -> None:
    (tmp_path / "OLD.md").write_text("old", encoding="utf-8")
    gene_docs.write(tmp_path, {"NEW": "new\n"})
    assert [path.name for path in tmp_path.iterdir()] == ["NEW.md"]
