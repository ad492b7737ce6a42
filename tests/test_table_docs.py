from __future__ import annotations

from apothecary import table_docs


def test_the_description_of_the_tables_is_current(repository):
    written = (repository / "docs" / "tables.md").read_text(encoding="utf-8")
    assert written == table_docs.render(), "run: python -m apothecary.table_docs > docs/tables.md"
