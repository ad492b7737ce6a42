"""Links from a sample's row on the page of a run to its report and to all views of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from apothecary import views
from apothecary.reports.words import Words

REPORT_KINDS = ("html", "xlsx", "json")
# For whom a file is, and in which order; what is named nowhere is for programs.
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "report": ("html", "pdf", "reads"),
    "patient": ("patients",),
    "data": (*REPORT_KINDS[1:], "variants", "fhir", "cards", "statements"),
}


def of_report(base: str | None) -> list[dict[str, Any]]:
    """Links to the files that every report has.

    Args:
        base: Address of the report without its suffix, relative to the page; None without one.
    """
    if base is None:
        return []
    return [_link(kind, f"{quote(base)}.{kind}", None) for kind in REPORT_KINDS]


def of_views(
    row: Mapping[str, Any], folders: Sequence[Path], place: Path
) -> Iterator[dict[str, Any]]:
    """Links to what further views hold of a sample.

    Args:
        row: `sample_id` and `batch` of the sample.
        folders: Folders of views, each `<name of the view>/<batch>`.
        place: The folder of the page.

    Yields:
        A link a file, with its language where the view has one file a language.
    """
    for folder in sorted(folders):
        if folder.name != row["batch"]:
            continue
        found = views.files(row["sample_id"], folder)
        for file in found:
            marked = file.name.removeprefix(f"{row['sample_id']}.").split(".")[0]
            language = marked if len(found) > 1 else None
            address = quote(Path(os.path.relpath(file, place)).as_posix())
            yield _link(folder.parent.name, address, language)


def _link(kind: str, address: str, language: str | None) -> dict[str, Any]:
    return {"kind": kind, "address": address, "language": language}


def grouped(links: Iterable[Mapping[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Links by whom they are for, with a short name each.

    Args:
        links: Links of one sample.
        words: The catalogue.

    Returns:
        Groups that have a link, in a fixed order: of professionals, of the person, of programs.
    """
    by_group: dict[str, list[tuple[int, Mapping[str, Any]]]] = {name: [] for name in _GROUPS}
    for link in links:
        name = next((g for g, kinds in _GROUPS.items() if link["kind"] in kinds), "data")
        kinds = _GROUPS[name]
        rank = kinds.index(link["kind"]) if link["kind"] in kinds else len(kinds)
        by_group[name].append((rank, link))
    return [
        {
            "group": name,
            "words": words(f"links.{name}"),
            "links": [
                {**link, "words": _name(link, words)}
                for _, link in sorted(found, key=lambda pair: pair[0])
            ],
        }
        for name, found in by_group.items()
        if found
    ]


def _name(link: Mapping[str, Any], words: Words) -> str:
    if link["language"]:
        return str(link["language"]).upper()
    return words.term("link", link["kind"])
