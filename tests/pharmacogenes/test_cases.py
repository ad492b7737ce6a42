"""PharmCAT's authored test cases, through the engine of the command `apothecary pgx`."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.pharmacogenes import pgx

HERE = Path(__file__).parent
MISSES = HERE / "known_misses.tsv"
REPORTED_AS = {"ivacaftor non-responsive CFTR sequence": "Reference"}
"""Reports write the reference allele of CFTR shortly; the definitions have the long name."""

pytestmark = pytest.mark.shared

Row = dict[str, str]


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def _asserted() -> list[Row]:
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        return []
    rows = _read(Path(shared) / "cases" / "pgx" / "cases.tsv")
    return [row for row in rows if row["expectation"].startswith("asserted")]


def _identity(row: Row) -> str:
    return f"{row['case']}-{row['gene']}-{row['config']}"


@dataclass(frozen=True)
class Called:
    """What the tables say of one gene."""

    diplotypes: frozenset[str]
    methods: frozenset[str]
    lookups: frozenset[str]
    phenotypes: frozenset[str]


@pytest.fixture(scope="session")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return folder


@pytest.fixture(scope="session")
def run_case(
    shared: Path, pack: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str, str, str], dict[str, Called]]:
    cases = shared / "cases" / "pgx"

    @cache
    def run(vcf: str, config: str, definition: str, outside: str) -> dict[str, Called]:
        words = set(config.split(","))
        out = tmp_path_factory.mktemp("case")
        pgx.run_pgx(
            pgx.PgxOptions(
                file=cases / vcf,
                out=out,
                pack=pack,
                mode="compatible",
                all_candidates="allCandidates" in words,
                combinations="combinations" in words,
                call_cyp2d6="callCyp2d6" in words,
                outside=tuple(cases / o.strip() for o in outside.split(";") if o.strip()),
                definitions=cases / definition if definition else None,
            )
        )
        return _called(out)

    return run


def _called(out: Path) -> dict[str, Called]:
    diplotypes = tables.read_rows(out / "diplotypes.parquet", schemas.DIPLOTYPES)
    phenotypes = tables.read_rows(out / "phenotypes.parquet", schemas.PHENOTYPES)
    genes = sorted({row["gene"] for row in diplotypes})
    return {
        gene: Called(
            frozenset(_plain(r["diplotype"]) for r in diplotypes if _is(r, gene, "diplotype")),
            frozenset(r["method"] for r in diplotypes if r["gene"] == gene),
            frozenset(
                _plain(r["lookup_diplotype"])
                for r in phenotypes
                if _is(r, gene, "lookup_diplotype")
            ),
            frozenset(r["phenotype"] for r in phenotypes if _is(r, gene, "phenotype")),
        )
        for gene in genes
    }


def _is(row: Row, gene: str, column: str) -> bool:
    return row["gene"] == gene and row[column] is not None


def _plain(diplotype: str) -> str:
    """A diplotype with its alleles in alphabetical order, under their reported names."""
    alleles = (REPORTED_AS.get(name, name) for name in diplotype.strip().split("/"))
    return "/".join(sorted(alleles))


def _expected(text: str) -> frozenset[str]:
    return frozenset(_plain(name) for name in text.split(" | ") if name) - {"Unknown/Unknown"}


def _differences(row: Row, called: Called) -> list[str]:
    wrong = []
    if row["expected_source_diplotypes"]:
        expected = _expected(row["expected_source_diplotypes"])
        if called.diplotypes != expected:
            wrong.append(f"diplotypes {sorted(called.diplotypes)}, not {sorted(expected)}")
    if row["expected_none"] == "yes" and called.diplotypes:
        wrong.append(f"diplotypes {sorted(called.diplotypes)}, not none")
    if row["expected_called"]:
        by_matcher = "compatible" in called.methods
        if by_matcher != (row["expected_called"] == "called"):
            wrong.append(f"methods {sorted(called.methods)}, not {row['expected_called']}")
    recommended = _expected(row["expected_recommended"])
    if not recommended <= called.lookups:
        wrong.append(f"looked up by {sorted(called.lookups)}, not {sorted(recommended)}")
    phenotypes = frozenset(row["expected_phenotype"].split(" | ")) - {""}
    if phenotypes and phenotypes != called.phenotypes:
        wrong.append(f"phenotypes {sorted(called.phenotypes)}, not {sorted(phenotypes)}")
    return wrong


@pytest.mark.parametrize("row", _asserted(), ids=_identity)
def test_asserted_row(row: Row, run_case) -> None:
    called = run_case(row["vcf"], row["config"], row["definition"], row["outside_calls"])
    wrong = _differences(row, called[row["gene"]])
    reason = {(m["case"], m["gene"], m["config"]): m["reason"] for m in _read(MISSES)}.get(
        (row["case"], row["gene"], row["config"])
    )
    if reason is None:
        assert not wrong, "; ".join(wrong)
    else:
        assert wrong, f"listed as a miss ({reason}), but it is right: take it off {MISSES.name}"


def test_known_misses_name_asserted_rows(shared: Path) -> None:
    rows = {(row["case"], row["gene"], row["config"]) for row in _asserted()}
    listed = [(m["case"], m["gene"], m["config"]) for m in _read(MISSES)]
    assert [miss for miss in listed if miss not in rows] == []
    assert len(listed) <= 0.05 * len(rows)
