"""Pages: escaping, policy, no requests, and nothing shown that the model does not hold."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from report_builders import (
    RUN,
    failed_tables,
    germline_tables,
    pack,
    sample,
    tumor_sample,
    tumor_tables,
)

from apothecary import schemas, tables
from apothecary.reports import html, model, pgx_page, pgx_tables, run_page
from apothecary.reports.sections import findings
from apothecary.reports.summary import summary

PAYLOAD = "<img src=x onerror=alert(1)>"
ATTACKS = (PAYLOAD, "\"'><script>alert(1)</script>", "</style><script>alert(1)</script>")
# Texts that only part or join what the model holds.
MARKS = {"", "·", ">"}


class Page(HTMLParser):
    """What a page holds: elements with attributes, texts, raw style and script."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": []}
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in self.raw else ""
        if self._inside:
            self.raw[tag].append("")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside:
            self.raw[self._inside][-1] += data
        else:
            self.texts.append(data.strip())

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]


def germline():
    return model.build_model(sample(), germline_tables(), pack(), RUN)


def tumor():
    return model.build_model(tumor_sample(), tumor_tables(), pack(), RUN)


def failed():
    return model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN)


def run_model(models):
    rows = [
        sample(m["identity"]["sample_id"], row=n, role=m["identity"]["role"])
        for n, m in enumerate(models, start=2)
    ]
    rows.append(sample("ABSENT", row=99))
    links = {m["identity"]["sample_id"]: f"reports/b/{m['identity']['sample_id']}" for m in models}
    return run_page.build_run_model(rows, [summary(m) for m in models], links, "City Hospital")


def pages():
    models = [germline(), tumor(), failed()]
    return {
        "germline": html.render_sample(models[0]),
        "tumor": html.render_sample(models[1]),
        "failed": html.render_sample(models[2]),
        "run": run_page.render_run(run_model(models)),
        "pgx": pgx_page.render_pgx(models),
    }


PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_names_the_hash_of_all_that_is_inline(name):
    page = Page(PAGES[name])
    (policy,) = [a["content"] for t, a in page.elements if "http-equiv" in a]
    for kind in ("style", "script"):
        hashes = [
            base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            for text in page.raw[kind]
        ]
        (allowed,) = re.findall(rf"{kind}-src ([^;]+)", policy)
        assert allowed == (" ".join(f"'sha256-{h}'" for h in hashes) or "'none'")
    assert policy.startswith("default-src 'none';")
    assert "base-uri 'none'" in policy
    assert "form-action 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_from_outside(name):
    page = Page(PAGES[name])
    assert {t for t, _ in page.elements} & {
        "img",
        "iframe",
        "object",
        "embed",
        "link",
        "form",
    } == set()
    for attribute in (
        "src",
        "srcset",
        "style",
        "onclick",
        "onload",
        "data",
        "action",
        "background",
    ):
        assert page.attributes(attribute) == []
    for text in page.raw["style"]:
        assert "url(" not in text
        assert "@import" not in text
    for tag, attrs in page.elements:
        if (attrs.get("href") or "").startswith("http"):
            assert tag == "a"
            assert attrs["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_all(name):
    page = Page(PAGES[name])
    assert dict(page.elements)["html"] == {"lang": "en"}
    tables = [a for t, a in page.elements if t == "table"]
    captions = [a for t, a in page.elements if t == "caption"]
    assert len(tables) == len(captions)
    assert all(a.get("scope") in ("row", "col") for t, a in page.elements if t == "th")
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))


def texts_of(value) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(texts_of(v) for v in value.values()), *(texts_of(k) for k in value))
    if isinstance(value, list):
        return set().union(*(texts_of(v) for v in value))
    return {" ".join(str(value).split())}


@pytest.mark.parametrize("name", ["germline", "tumor", "failed", "run"])
def test_a_page_shows_no_number_or_word_that_its_model_does_not_hold(name):
    models = {"germline": germline, "tumor": tumor, "failed": failed}
    shown = models[name]() if name in models else run_model([germline(), tumor(), failed()])
    held = texts_of(shown) | {
        shown["words"][key].format(sample_id=shown.get("identity", {}).get("sample_id"))
        for key in ("title.sample", "title.failed", "title.run")
    }
    found = {" ".join(text.split()) for text in Page(PAGES[name]).texts}
    assert found - held - MARKS == set()


@pytest.mark.parametrize("made", [germline, tumor], ids=["germline", "tumor"])
def test_every_finding_of_the_model_is_on_the_page(made):
    shown = Page(html.render_sample(made())).attributes("data-finding")
    assert sorted(shown) == sorted(findings(made()))


def test_a_failed_sample_shows_its_reason_and_no_finding():
    page = Page(PAGES["failed"])
    assert "the file is cut short" in page.texts
    assert page.attributes("data-finding") == []
    assert not {"clopidogrel", "CYP2C19"} & set(page.texts)


def test_the_page_of_a_run_lists_what_is_missing_and_what_failed():
    shown = run_model([germline(), tumor(), failed()])
    assert (shown["expected"], shown["found"], shown["failed_count"]) == (4, 2, 2)
    assert [(r["sample_id"], r["status"]) for r in shown["failed"]] == [
        ("BAD", "failed"),
        ("ABSENT", "missing"),
    ]
    assert [r["sample_id"] for r in shown["samples"]] == ["HG00276", "T001", "BAD", "ABSENT"]
    assert "reports/b/HG00276.html" in Page(PAGES["run"]).attributes("href")


def test_medicines_of_a_run_stand_with_their_samples():
    shown = run_model([germline()])
    (entry,) = [m for m in shown["medicines"] if m["drug"] == "clopidogrel"]
    (group,) = entry["actions"]
    assert (group["action"], group["listed"]) == (
        "avoid",
        [{"sample_id": "HG00276", "taken": True}],
    )


def test_many_samples_of_an_action_are_all_named():
    one = summary(germline())
    many = [{**one, "sample_id": f"S{n:03}"} for n in range(120)]
    words = run_page.load()
    (group,) = run_page.medicine_table(many, words)[0]["actions"]
    named = [i["sample_id"] for i in group["listed"]] + (group["others"] or "").split(", ")
    assert sorted(named) == [f"S{n:03}" for n in range(120)]
    (capped,) = run_page.medicine_table(many, words, most=60)[0]["actions"]
    assert capped["more"] == "and 60 more"


def test_one_sample_of_a_file_has_its_report_in_full():
    assert pgx_page.render_pgx([germline()]) == html.render_sample(germline())


def test_many_samples_of_a_file_are_all_listed_and_the_first_in_detail():
    rows = germline_tables("S")
    models = []
    for number in range(30):
        made = model.build_model(sample("S"), rows, pack(), RUN)
        made["identity"]["sample_id"] = f"S{number:02}"
        models.append(made)
    page = Page(pgx_page.render_pgx(iter(models)))
    assert {f"S{n:02}" for n in range(30)} <= set(page.texts)
    assert any(text.startswith("Details are given for the first 25 of 30") for text in page.texts)
    assert len([i for i in page.attributes("id") if re.fullmatch(r"s\d+", i)]) == 25


def poisoned(value, text):
    """The rows with every text replaced, but for those that a row is joined or sorted by."""
    kept = {
        "sample_id", "subject_id", "role", "scope", "decision", "status", "state", "fate", "tier",
        "evidence_type", "effect", "kind", "item", "chrom", "build", "method",
    }  # fmt: skip
    if isinstance(value, dict):
        return {k: v if k in kept else poisoned(v, text) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, text) for v in value]
    return text if isinstance(value, str) else value


def poisoned_rows(rows, text):
    return {name: [poisoned(item, text) for item in items] for name, items in rows.items()}


def shape(page: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    for tag, _ in Page(page).elements:
        counted[tag] = counted.get(tag, 0) + 1
    return counted


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", ["germline", "tumor", "failed"])
def test_text_of_any_field_stays_text(attack, kind):
    rows = {
        "germline": germline_tables(),
        "tumor": tumor_tables(),
        "failed": failed_tables("HG00276"),
    }[kind]
    who = tumor_sample() if kind == "tumor" else sample()
    who = {**who, **poisoned({k: v for k, v in who.items() if k not in ("role", "assay")}, attack)}
    who["subject_id"] = rows["consent"][0]["subject_id"]
    run = {**RUN, "laboratory": attack}
    bad_pack = pack()
    bad_pack._tables = {
        name: [poisoned(r, attack) for r in items] for name, items in bad_pack._tables.items()
    }
    made = model.build_model(who, poisoned_rows(rows, attack), bad_pack, run)
    rendered = [
        html.render_sample(made),
        run_page.render_run(run_model([made])),
        pgx_page.render_pgx([made, made]),
    ]
    for page in rendered:
        counted = shape(page)
        assert counted.get("img", 0) == 0
        assert counted["script"] == 1
        assert counted["style"] == 1
        for tag, attrs in Page(page).elements:
            assert not [name for name in attrs if name.startswith("on")], tag
            href = attrs.get("href") or ""
            assert not re.match(r"\s*(javascript|data|vbscript):", href, re.IGNORECASE)


def test_words_for_the_foot_of_printed_pages_cannot_leave_their_string():
    made = germline()
    made["identity"]["sample_id"] = '"; } body { display: none } </style>'
    page = html.render_sample(made)
    (style,) = Page(page).raw["style"]
    (foot,) = re.findall(r'@bottom-left \{ content: "([^"]*)"', style)
    assert re.fullmatch(r"(?:\\[0-9a-f]{6}|[A-Za-z0-9])*", foot)
    assert "display: none } </style>" not in style


def test_the_page_of_a_file_is_made_from_its_tables(tmp_path):
    names = [f"S{number:02}" for number in range(28)]
    made = [germline_tables(name) for name in names]
    for name in ("sites", "diplotypes", "phenotypes", "recommendations"):
        rows = [row for one in made for row in one[name]]
        tables.write(tmp_path / f"{name}.parquet", schemas.TABLES[name], rows)
    facts = pgx_tables.PgxInput(names, "GRCh38", "vcf", settings={"mode": "compatible"})
    text = pgx_tables.write_page(tmp_path, facts, pack()).read_text(encoding="utf-8")
    page = Page(text)
    assert set(names) <= set(page.texts)
    assert page.texts.count("28 samples") == 5
    (gene,) = [
        r for r in run_page.gene_matrix([summary(germline())] * 28)["phenotypes"] if r["incomplete"]
    ]
    assert (gene["gene"], gene["incomplete"]) == ("CYP2B6", 28)
    assert any(text.startswith("Details are given for the first 25 of 28") for text in page.texts)
    one = pgx_tables.PgxInput(["S27"], "GRCh38", "vcf", sex="F", notes=["one remark"])
    page = Page(pgx_tables.write_page(tmp_path, one, pack()).read_text(encoding="utf-8"))
    assert {"S27", "one remark", "clopidogrel", "rs4244285"} <= set(page.texts)
    assert "S00" not in page.texts
