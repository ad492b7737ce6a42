from __future__ import annotations

from apothecary import code


def test_the_digest_follows_what_is_imported_and_nothing_else(tmp_path):
    package = tmp_path / "apothecary"
    (package / "reports" / "templates").mkdir(parents=True)
    for name, text in {
        "__init__.py": "",
        "one.py": "from apothecary import two\n",
        "two.py": "X = 1\n",
        "three.py": "Y = 1\n",
        "reports/__init__.py": "",
        "reports/page.py": "Z = 1\n",
        "reports/templates/a.html": "a",
    }.items():
        (package / name).write_text(text)
    script = tmp_path / "do_one.py"
    script.write_text("from apothecary import one\n")
    page = tmp_path / "do_page.py"
    page.write_text("import apothecary.reports.page\n")
    before, page_before = code.digest(script), code.digest(page)
    (package / "three.py").write_text("Y = 2\n")
    assert code.digest(script) == before
    (package / "two.py").write_text("X = 2\n")
    assert code.digest(script) != before
    assert code.digest(page) == page_before
    (package / "reports" / "templates" / "a.html").write_text("b")
    assert code.digest(page) != page_before
