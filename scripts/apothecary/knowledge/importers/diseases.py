"""Diseases of the evidence and the OncoTree tumor types that they cover."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table

_MAP_COLUMNS = ("doid", "name", "scope", "value")
_PHENOTYPE_COLUMNS = ("primary_site", "do_id")
# Names of primary sites in PCGR's table that OncoTree spells otherwise.
_TISSUES = {"Colon/Rectum": "Bowel", "Other/Unknown": "Other"}
_SCOPES = ("code", "main_type", "tissue", "solid", "any", "none")


def import_diseases(
    diseases: Iterable[tuple[str, str]],
    oncotree: Iterable[Mapping[str, Any]],
    curated: Path | str,
    curated_source_id: str,
    phenotypes: Path | str,
    phenotypes_source_id: str,
    name_source_id: str,
) -> dict[str, list[Row]]:
    """Map diseases to tumor types: by a curated row, else by name, else by primary site.

    Args:
        diseases: Disease Ontology number (may be empty) and name, as the evidence has them.
        oncotree: Rows of the table oncotree.
        curated: Table with the columns doid, name, scope, value; several rows for a disease that
            covers several scopes. The value holds codes, main types or tissues joined by `|`.
        curated_source_id: Source of rows from the curated table.
        phenotypes: PCGR's table of cancer phenotypes with their Disease Ontology numbers and
            primary sites, gzipped or not.
        phenotypes_source_id: Source of rows by primary site.
        name_source_id: Source of rows by name, that is OncoTree.

    Returns:
        Rows of the table diseases; a disease that nothing maps has one row of scope none.

    Raises:
        ResourceError: A file is not such a table, or the curated table names a tumor type that
            OncoTree lacks. A curated disease that the evidence lacks is left unused.
    """
    types = list(oncotree)
    wanted = sorted(set(diseases))
    covers = _Covers(types)
    by_hand = _curated(curated, covers)
    sites = _sites(phenotypes, {row["tissue"] for row in types})
    rows: list[Row] = []
    for doid, name in wanted:
        if (doid, name) in by_hand:
            found, source = by_hand[doid, name], curated_source_id
        elif _plain(name) in covers.by_name:
            found, source = [("code", covers.by_name[_plain(name)])], name_source_id
        elif _plain(name) in covers.by_main_type:
            found, source = [("main_type", covers.by_main_type[_plain(name)])], name_source_id
        elif doid and len(sites.get(doid, ())) == 1:
            found, source = [("tissue", sites[doid][0])], phenotypes_source_id
        else:
            found, source = [("none", "")], name_source_id
        rows += [
            {"doid": doid, "name": name, "source_id": source, **place}
            for scope, value in found
            for place in covers.places(scope, value)
        ]
    return {"diseases": rows}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


class _Covers:
    """What a scope and its value stand for in OncoTree."""

    def __init__(self, types: list[Mapping[str, Any]]) -> None:
        self.by_code = {row["code"]: row for row in types}
        self.by_name = {_plain(row["name"]): row["code"] for row in types}
        self.tissues_of: dict[str, set[str]] = defaultdict(set)
        for row in types:
            self.tissues_of[row["main_type"]].add(row["tissue"])
        self.by_main_type = {_plain(main_type): main_type for main_type in self.tissues_of}
        self.tissues = {row["tissue"] for row in types}

    def known(self, scope: str, value: str) -> bool:
        """Whether OncoTree has what a curated row names."""
        return {
            "code": value in self.by_code,
            "main_type": value in self.tissues_of,
            "tissue": value in self.tissues,
        }.get(scope, value == "" and scope in _SCOPES)

    def places(self, scope: str, value: str) -> list[Row]:
        """The scope with code, main type and tissue; a main type of several tissues has several."""
        if scope == "code":
            row = self.by_code[value]
            return [_place(scope, value, row["main_type"], row["tissue"])]
        if scope == "main_type":
            tissues = sorted(self.tissues_of[value])
            return [_place(scope, "", value, tissue) for tissue in tissues]
        if scope == "tissue":
            return [_place(scope, "", "", value)]
        return [_place(scope, "", "", "")]


def _place(scope: str, code: str, main_type: str, tissue: str) -> Row:
    return {"scope": scope, "code": code, "main_type": main_type, "tissue": tissue}


def _curated(path: Path | str, covers: _Covers) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    problems = []
    for line, item in enumerate(read_table(path, _MAP_COLUMNS), start=2):
        disease = (item["doid"], item["name"])
        for value in item["value"].split("|"):
            if not covers.known(item["scope"], value):
                problems.append(
                    Problem(
                        str(path),
                        f"{item['scope']} {value!r}",
                        "a code, main_type or tissue of OncoTree, or solid, any or none",
                        line,
                    )
                )
            found[disease].append((item["scope"], value))
    if problems:
        raise ResourceError(problems)
    return found


def _sites(path: Path | str, tissues: set[str]) -> dict[str, list[str]]:
    """Disease Ontology number to the tissues that PCGR's table gives it."""
    sites: dict[str, set[str]] = defaultdict(set)
    for item in read_table(path, _PHENOTYPE_COLUMNS):
        doid = item["do_id"].removeprefix("DOID:")
        tissue = _TISSUES.get(item["primary_site"], item["primary_site"])
        if doid != "NA" and tissue in tissues:
            sites[doid].add(tissue)
    return {doid: sorted(found) for doid, found in sites.items()}
