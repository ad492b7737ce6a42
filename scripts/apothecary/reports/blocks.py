"""What a printed page is laid out from: headings, lists, facts and tables, as data.

A value of the model goes into a run of text and is never markup. Runs make lines, lines make cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Run = dict[str, str]
Line = list[Run]
Cell = list[Line]
Block = dict[str, Any]
Words = Mapping[str, str]
Item = Run | Sequence[Run | None] | str | int | float | None


def plain(value: Any) -> Run | None:
    """A value as it is; None for none and for an empty text."""
    return _run("plain", value)


def strong(value: Any) -> Run | None:
    """A value that stands out."""
    return _run("strong", value)


def muted(value: Any) -> Run | None:
    """A value that stands back."""
    return _run("muted", value)


def code(value: Any) -> Run | None:
    """An identifier, name of a variant, or digest."""
    return _run("code", value)


def badge(kind: str, text: Any) -> Run | None:
    """A label whose color tells its kind.

    Args:
        kind: As the classes of the style sheet of the pages, such as `avoid` or `tier-I`.
        text: Its words.
    """
    made = _run("badge", text)
    return {**made, "kind": kind} if made else None


def link(address: str | None, text: Any) -> Run | None:
    """A text that leads to an address, where there is one."""
    made = _run("plain", text)
    return {**made, "style": "link", "address": address} if made and address else made


def _run(style: str, value: Any) -> Run | None:
    return None if value is None or value == "" else {"style": style, "text": str(value)}


def lines(*items: Item) -> Cell:
    """The lines of a cell or of an entry of a list.

    Args:
        *items: A line each: a text, a run, or the runs of a line. What is empty is left out.

    Returns:
        The lines that hold something.
    """
    made = [_line(item) for item in items]
    return [line for line in made if line]


def _line(item: Item) -> Line:
    if isinstance(item, dict):
        return [item]
    if isinstance(item, Sequence) and not isinstance(item, str):
        return [run for run in item if run]
    run = plain(item)
    return [run] if run else []


def heading(text: str, level: int = 2) -> Block:
    """A heading; level 1 is the title of the report."""
    return {"block": "heading", "text": text, "level": level}


def deeper(blocks: Iterable[Block]) -> list[Block]:
    """Blocks with their headings one level further down, those in panels too."""
    made = []
    for block in blocks:
        if block["block"] == "heading":
            made.append({**block, "level": block["level"] + 1})
        elif block["block"] == "panel":
            made.append({**block, "columns": [deeper(column) for column in block["columns"]]})
        else:
            made.append(block)
    return made


def note(text: str | None) -> list[Block]:
    """A remark, where there is one."""
    return [{"block": "note", "text": text}] if text else []


def bullets(entries: Iterable[Item | Cell], kind: str = "plain") -> list[Block]:
    """A list, where it has an entry.

    Args:
        entries: Lines of each entry, or what makes one line.
        kind: plain, headlines (the runs of an entry are weight and text), or small.
    """
    made = [entry if _is_cell(entry) else lines(entry) for entry in entries]  # type: ignore[arg-type]
    return [{"block": "list", "kind": kind, "entries": made}] if made else []


def _is_cell(entry: Any) -> bool:
    return isinstance(entry, list) and bool(entry) and isinstance(entry[0], list)


def facts(entries: Iterable[tuple[str, Cell]]) -> list[Block]:
    """Names with their values; those without a value are left out."""
    made = [{"name": name, "value": value} for name, value in entries if value]
    return [{"block": "facts", "entries": made}] if made else []


def table(
    words: Words,
    caption: str | None,
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[Cell]],
) -> list[Block]:
    """A table, where it has a row.

    Args:
        words: The catalogue of the model.
        caption: Key of its caption; None for none.
        columns: Key of the head of each column, behind `#` for numbers, and the column's width as
            a share of the page. `@text` is a head as it is.
        rows: A cell a column.
    """
    made = [list(row) for row in rows]
    heads = [
        {
            "text": name[1:] if name[0] == "@" else words[f"field.{name.lstrip('#')}"],
            "width": width,
            "number": name[0] == "#",
        }
        for name, width in columns
    ]
    text = words[f"caption.{caption}"] if caption else None
    return [{"block": "table", "caption": text, "columns": heads, "rows": made}] if made else []


def labelled(words: Words, name: str, value: Any) -> list[Run | None] | None:
    """A value behind the words of its field; None without a value."""
    run = plain(value)
    return [muted(f"{words[f'field.{name}']}:"), run] if run else None
