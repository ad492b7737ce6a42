"""Sync: from a folder, and over a server on this machine; what is not at hand is kept and told."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest
from knowledge_builders import (
    CIVIC_ITEM,
    guideline,
    small_tables,
    table_text,
    write_guideline,
    write_tables,
)

from apothecary.errors import ResourceError
from apothecary.files import sha256
from apothecary.knowledge import build, lock, sync, tsv
from apothecary.knowledge.schemas import PACK

REGISTER = "source_id\tname\tversion\treleased\tlicence\tattribution\taddress\tfiles\n"


def source(source_id: str, files: str) -> str:
    return f"{source_id}\tMade\t1\t2026-02-01\tCC0-1.0\tnobody\thttps://example.org\t{files}\n"


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """A small embedded pack with a register of the sources that the importers name."""
    place = tmp_path / "resources"
    write_tables(place / "knowledge", small_tables())
    curation = place / "knowledge" / "curation"
    curation.mkdir()
    names = sorted({need for unit in sync.curate.UNITS for need in unit.needs})
    patterns = {
        "cpic_guidance": "pgx/guidance/CPIC_*.json.gz",
        "dpwg_guidance": "pgx/guidance/DPWG_*.json.gz",
        "civic": "onco/civic.tsv.gz",
        "oncotree": "onco/oncotree.txt",
        "pcgr_phenotypes": "onco/pcgr.tsv",
    }
    lines = [source(name, patterns.get(name, f"absent/{name}")) for name in names]
    lines.append(source("fda_associations", "fda/*Pharmacogenetic*Associations*.csv"))
    lines += [source("made", "absent/made"), source("disease_map", "")]
    (curation / "upstream.tsv").write_text(REGISTER + "".join(lines))
    (curation / "disease_map.tsv").write_text("doid\tname\tscope\tvalue\n")
    (curation / "downloads.tsv").write_text("source_id\tfile\taddress\n")
    (place / "pharmacogene_rules.tsv").write_text("gene\trule\tvalue\tsource\n")
    return place


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """An upstream folder with guidance only, below another folder."""
    folder = tmp_path / "upstream"
    below = folder / "knowledge" / "pgx" / "guidance"
    write_guideline(below / "CPIC_a.json.gz", guideline())
    other = guideline(id="PA7")
    other["guideline"] |= {"id": "PA8", "source": "DPWG"}
    write_guideline(below / "DPWG_a.json.gz", other)
    return folder


def test_tables_of_the_fda_join_the_guidance_where_the_user_has_them(tmp_path, resources, upstream):
    name = "Table_of_Pharmacogenetic_Associations_Safety_or_Response_2024-10-22.csv"
    table = upstream / "knowledge" / "fda" / name
    table.parent.mkdir()
    head = "Drug,Gene,Affected Subgroups+,Description of Gene-Drug Interaction"
    table.write_text(f"{head}\nMadeupine,CYP9Z9,poor metabolizers,Words.\n", encoding="utf-8")
    out = tmp_path / "mine"
    lines = sync.sync(upstream, out, resources=resources)
    assert any(line.startswith("read: fda_associations 1, sha256 ") for line in lines)
    built = build.build(out, tmp_path / "pack")
    (row,) = [row for row in built.rows("guidance") if row["source"] == "FDA"]
    assert (row["drug"], row["guideline_version"]) == ("madeupine", "2024-10-22")
    assert built.rows("guidance_text") == []


def test_a_folder_with_guidance_updates_guidance_alone(tmp_path, resources, upstream):
    out = tmp_path / "mine"
    lines = sync.sync(upstream, out, resources=resources)
    assert sum(line.startswith("kept: ") for line in lines) == len(sync.curate.UNITS) - 1
    assert any(line.startswith("read: cpic_guidance 1, sha256 ") for line in lines)
    lock.verify_source(out, tmp_path / "mine.lock")
    built = build.build(out, tmp_path / "pack")
    lock.verify_pack(tmp_path / "pack", tmp_path / "mine.lock")
    assert [row["source"] for row in built.rows("guidance")] == ["CPIC", "DPWG"]
    assert built.rows("guidance_text") == []
    assert len(built.rows("civic_evidence")) == 1
    sources = {row["source_id"]: row for row in built.rows("sources")}
    assert sources["cpic_guidance"]["sha256"] == sha256(
        upstream / "knowledge" / "pgx" / "guidance" / "CPIC_a.json.gz"
    )
    assert sources["made"]["version"] == "1"


def test_words_reach_a_pack_of_the_users_own_only(tmp_path, resources, upstream):
    sync.sync(upstream, tmp_path / "mine", with_text=True, resources=resources)
    rows = tsv.read(tmp_path / "mine" / "guidance_text.tsv", PACK["guidance_text"]).rows
    assert {row["text"] for row in rows} == {"<p>Use 65% of the standard dose.</p>"}
    before = sorted(path.name for path in (resources / "knowledge").iterdir())
    with pytest.raises(ResourceError, match="the embedded tables hold no words of guidance"):
        sync.sync(upstream, resources / "knowledge", with_text=True, resources=resources)
    assert sorted(path.name for path in (resources / "knowledge").iterdir()) == before


def test_a_second_sync_gives_the_same_bytes_and_drops_the_words(tmp_path, resources, upstream):
    sync.sync(upstream, tmp_path / "a", with_text=True, resources=resources)
    sync.sync(upstream, tmp_path / "a", resources=resources)
    sync.sync(upstream, tmp_path / "b", resources=resources)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert "guidance_text.tsv" not in names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a.lock").read_bytes() == (tmp_path / "b.lock").read_bytes()


def test_another_file_of_a_known_version_is_told_by_its_digest(tmp_path, resources, upstream):
    sync.sync(upstream, resources / "knowledge", resources=resources)
    path = upstream / "knowledge" / "pgx" / "guidance" / "CPIC_a.json.gz"
    write_guideline(path, guideline(alternateDrugAvailable=True))
    sync.sync(upstream, tmp_path / "mine", resources=resources)
    rows = tsv.read(tmp_path / "mine" / "sources.tsv", PACK["sources"]).rows
    versions = {row["source_id"]: row["version"] for row in rows}
    assert versions["cpic_guidance"] == f"sha256 {sha256(path)[:12]}"
    assert versions["dpwg_guidance"] == "1"


def test_a_fault_leaves_the_target_as_it_was(tmp_path, resources, upstream):
    out = tmp_path / "mine"
    sync.sync(upstream, out, resources=resources)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    folder = upstream / "knowledge" / "pgx" / "guidance"
    contradicting = guideline(id="PA3", dosingInformation=False)
    write_guideline(folder / "CPIC_b.json.gz", contradicting)
    with pytest.raises(ResourceError, match="PA3 contradicts"):
        sync.sync(upstream, out, resources=resources)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert not list(tmp_path.glob(".sync.*"))


def test_a_folder_without_any_source_is_told(tmp_path, resources):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ResourceError, match="no upstream file in it"):
        sync.sync(tmp_path / "empty", tmp_path / "mine", resources=resources)
    with pytest.raises(ResourceError, match="no such folder"):
        sync.sync(tmp_path / "nowhere", tmp_path / "mine", resources=resources)


@pytest.fixture
def server(tmp_path: Path):
    """A web server on this machine that serves the files of a folder."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, directory=str(folder), **named)

        def log_message(self, *arguments):
            pass

        def do_GET(self):
            if self.path != "/short.gz":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"\x1f\x8bshort")

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()
    thread.join()


def addresses(resources: Path, *rows: tuple[str, str, str]) -> None:
    path = resources / "knowledge" / "curation" / "downloads.tsv"
    path.write_text("source_id\tfile\taddress\n" + "".join("\t".join(row) + "\n" for row in rows))


def test_what_has_an_address_is_downloaded(tmp_path, resources, server):
    folder, address = server
    (folder / "civic.tsv").write_text(table_text([{**CIVIC_ITEM, "evidence_id": "9", "doid": ""}]))
    (folder / "oncotree.txt").write_text("code\tmain_type\tname\ttissue\nA\tB\tC\tD\n")
    (folder / "pcgr.tsv").write_text("primary_site\tdo_id\nD\tDOID:1\n")
    addresses(
        resources,
        ("civic", "onco/civic.tsv.gz", f"{address}/civic.tsv"),
        ("oncotree", "onco/oncotree.txt", f"{address}/oncotree.txt"),
        ("pcgr_phenotypes", "onco/pcgr.tsv", f"{address}/pcgr.tsv"),
    )
    out = tmp_path / "mine"
    lines = sync.sync(None, out, resources=resources)
    assert f"fetched: {address}/civic.tsv to {out / 'upstream' / 'onco' / 'civic.tsv.gz'}" in lines
    rows = tsv.read(out / "civic_evidence.tsv", PACK["civic_evidence"]).rows
    assert [row["evidence_id"] for row in rows] == ["EID9"]
    sources = tsv.read(out / "sources.tsv", PACK["sources"]).rows
    assert {row["source_id"]: row["sha256"] for row in sources}["civic"] == sha256(
        out / "upstream" / "onco" / "civic.tsv.gz"
    )


@pytest.mark.parametrize(
    ("file", "message"),
    [("absent.gz", "404"), ("short.gz", "cannot be fetched|7 bytes came"), ("empty.gz", "0 bytes")],
)
def test_a_failing_download_leaves_no_file(tmp_path, resources, server, file, message):
    folder, address = server
    (folder / "empty.gz").write_bytes(b"")
    addresses(resources, ("civic", "onco/civic.tsv.gz", f"{address}/{file}"))
    with pytest.raises(ResourceError, match=message):
        sync.sync(None, tmp_path / "mine", resources=resources)
    assert not [path for path in (tmp_path / "mine").rglob("*") if path.is_file()]


@pytest.mark.parametrize("file", ["../civic.gz", "/civic.gz"])
def test_an_address_table_cannot_write_elsewhere(tmp_path, resources, file):
    addresses(resources, ("civic", file, "https://example.org/civic"))
    with pytest.raises(ResourceError, match="a path below the upstream folder"):
        sync.sync(None, tmp_path / "mine", resources=resources)


def test_only_the_web_is_reached(tmp_path, resources):
    addresses(resources, ("civic", "onco/civic.tsv.gz", "file:///etc/hostname"))
    with pytest.raises(ResourceError, match="no web address"):
        sync.sync(None, tmp_path / "mine", resources=resources)
