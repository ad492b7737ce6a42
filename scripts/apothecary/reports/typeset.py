"""The report of a sample as PDF, by Typst: archivable, tagged, the same bytes at every run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apothecary.files import replacing
from apothecary.reports.pages import pages
from apothecary.reports.write import read_models

if TYPE_CHECKING:
    import typst

Model = Mapping[str, Any]
# PDF/A-2a (for archives, with the structure of PDF/A-2b and text that is tagged) and PDF/UA-1.
STANDARDS: Final = ("a-2a", "ua-1")
_EPOCH = 0


def write_batch(folder: Path | str, reports: Path | str, paper: str) -> None:
    """Write `<sample_id>.pdf` of every sample of a batch, of failed ones too.

    Args:
        folder: The folder to write to, made when absent.
        reports: The folder of the batch's reports.
        paper: a4 or us-letter.

    Raises:
        ResourceError: The folder of the reports lacks a model.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for model in read_models(reports):
        with replacing(place / f"{model['identity']['sample_id']}.pdf") as temporary:
            temporary.write_bytes(typeset(model, paper))


def typeset(model: Model, paper: str) -> bytes:
    """The report of one sample as PDF; a failed sample's says so and why.

    Args:
        model: The report model.
        paper: a4 or us-letter.

    Returns:
        PDF/A-2a and PDF/UA-1. The file's date is that of the report, or else the first of 1970,
        since no clock is looked at and the standard asks for one.
    """
    document = _displayable(_document(model, paper))
    return _pdf("report.typ", {"document": json.dumps(document, sort_keys=True)})


def _document(model: Model, paper: str) -> dict[str, Any]:
    words, head, issue = model["words"], model["identity"], model["issue"]
    failed = model["status"] == "failed"
    title = words["title.failed" if failed else "title.sample"].format(sample_id=head["sample_id"])
    return {
        "title": f"{words['title.report']}: {title}",
        "author": head["laboratory"] or head["software"],
        "language": words["ui.language"],
        "date": _date(model),
        "paper": paper,
        "laboratory": head["laboratory"],
        "kind": words["title.report"],
        "name": title,
        "head": f"{title} · {words['field.report_id']} {issue['report_id']}",
        "state": issue["state_words"],
        "foot": f"{head['software']} · {words['field.knowledge']} {head['knowledge_short']}",
        "page": words["ui.page"],
        "watermark": issue["watermark"],
        "blocks": pages(model),
    }


def _date(model: Model) -> list[int] | None:
    """Year, month and day of the report, or else of its signature, where they were given."""
    given = {row["field"]: row["text"] for row in model["order"] if row["given"]}
    signed = {row["field"]: row["text"] for row in model["issue"]["sign_off"]}
    day = given.get("reported") or signed.get("date")
    return [int(part) for part in day.split("-")] if day else None


def _displayable(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every character that no font has written as its escape."""
    texts = {text for text in _texts(document) if not text.isascii()}
    doubtful = "".join(sorted({char for text in texts for char in text if not char.isascii()}))
    lacking = {char for char in doubtful if not _has_glyph(char)} if not _shown(doubtful) else set()
    changed = {text: _escaped(text, lacking) for text in texts}
    if not _shown("\n".join(sorted(changed.values()))):
        # Characters that have glyphs alone, but not together.
        changed = {
            text: new if _shown(new) else new.encode("ascii", "backslashreplace").decode()
            for text, new in changed.items()
        }
    made: dict[str, Any] = _replaced(document, changed)
    return made


def _escaped(text: str, lacking: set[str]) -> str:
    return "".join(
        char.encode("unicode_escape").decode() if char in lacking else char for char in text
    )


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _replaced(value: Any, changed: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return changed.get(value, value)
    if isinstance(value, dict):
        return {key: _replaced(item, changed) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, changed) for item in value]
    return value


@cache
def _has_glyph(char: str) -> bool:
    return _shown(char)


@cache
def _shown(text: str) -> bool:
    """Whether the fonts have all of a text, as the standards ask for."""
    import typst

    try:
        _pdf("glyphs.typ", {"text": text})
    except typst.TypstError:
        return False
    return True


def _pdf(template: str, inputs: dict[str, str]) -> bytes:
    made = _compiler().compile(
        _template(template),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[*STANDARDS],
        timestamp=_EPOCH,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"Typst gave {type(made).__name__}, not the bytes of a file")
    return made


@cache
def _compiler() -> typst.Compiler:
    """A compiler that knows the fonts of its package only."""
    import typst

    return typst.Compiler(ignore_system_fonts=True)


@cache
def _template(name: str) -> bytes:
    return resources.files("apothecary.reports").joinpath("templates", name).read_bytes()
