"""Figures of a report model as inline SVG: places only, no number or word of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

Figure = Mapping[str, Any]

# Measures in units of the view box, which the page scales.
_WIDTH = 640.0
_ROW = 34.0
_AXIS = 34.0
_HEIGHT = 200.0
_LEFT = 52.0
_RIGHT = 12.0
_TOP = 12.0


def draw(figure: Figure) -> str:
    """A figure as an SVG element, with title and description for those who do not see it.

    Args:
        figure: An entry of `figures` of the report model.

    Returns:
        Markup. Colours come from the style of the page, by class; what is strong is also told by
        its shape: filled against outlined.
    """
    lying = figure["kind"] in ("bars", "dots")
    height = _TOP + _ROW * len(figure["rows"]) + _AXIS if lying else _TOP + _HEIGHT + _AXIS
    parts = _lying(figure) if lying else _standing(figure)
    return (
        f'<svg class="figure" role="img" viewBox="0 0 {_WIDTH:g} {height:g}">'
        f"<title>{escape(figure['title'])}</title><desc>{escape(figure['description'])}</desc>"
        f"{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    klass = f' class="{kind}"' if kind else ""
    return f'<text{klass} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _rect(x: float, y: float, width: float, height: float, strong: bool) -> str:
    kind = "mark strong" if strong else "mark"
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" '
        f'height="{max(height, 0.5):.1f}"/>'
    )


def _dot(x: float, y: float, strong: bool) -> str:
    kind = "mark strong" if strong else "mark"
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'


def _scale(axis: Figure, start: float, end: float, value: float) -> float:
    share: float = (value - axis["low"]) / (axis["high"] - axis["low"])
    return start + min(max(share, 0.0), 1.0) * (end - start)


def _lying(figure: Figure) -> Iterator[str]:
    """Rows from top to bottom, each with its label and its value above its mark."""
    axis, end = figure["axis"], _WIDTH - _RIGHT
    bottom = _TOP + _ROW * len(figure["rows"])

    def at(value: float) -> float:
        return _scale(axis, _RIGHT, end, value)

    for tick in axis["ticks"]:
        yield _line(at(tick["at"]), _TOP, at(tick["at"]), bottom, "grid")
        yield _text(at(tick["at"]), bottom + 14, tick["text"], "middle", "tick")
    yield _text(end, bottom + 29, axis["label"], "end", "tick")
    for number, row in enumerate(figure["rows"]):
        y = _TOP + _ROW * number
        yield _text(_RIGHT, y + 11, row["label"])
        yield _text(end, y + 11, row["text"], "end", "value")
        if figure["kind"] == "bars":
            yield _rect(at(0.0), y + 17, at(row["value"]) - at(0.0), 9, row["strong"])
        if row["low"] is not None and row["high"] is not None:
            yield _line(at(row["low"]), y + 21.5, at(row["high"]), y + 21.5, "whisker")
            for bound in (row["low"], row["high"]):
                yield _line(at(bound), y + 17.5, at(bound), y + 25.5, "whisker")
        if figure["kind"] == "dots":
            yield _dot(at(row["value"]), y + 21.5, row["strong"])


def _standing(figure: Figure) -> Iterator[str]:
    """Rows from left to right over one axis of values."""
    axis, end, bottom = figure["axis"], _WIDTH - _RIGHT, _TOP + _HEIGHT
    slot = (end - _LEFT) / len(figure["rows"])

    def at(value: float) -> float:
        return _scale(axis, bottom, _TOP, value)

    for tick in axis["ticks"]:
        yield _line(_LEFT, at(tick["at"]), end, at(tick["at"]), "grid")
        yield _text(_LEFT - 5, at(tick["at"]) + 4, tick["text"], "end", "tick")
    yield _text(end, bottom + 30, axis["label"], "end", "tick")
    yield from _groups(figure, slot, bottom)
    for number, row in enumerate(figure["rows"]):
        x = _LEFT + slot * number
        if figure["kind"] == "columns":
            if row["value"]:
                height = bottom - at(row["value"])
                yield _rect(x + 1, bottom - height, slot - 2, height, row["strong"])
            if number % 2 == 0:
                yield _text(x, bottom + 14, row["label"], "middle", "tick")
            continue
        if row["low"] is not None and row["high"] is not None:
            yield _line(x + slot / 2, at(row["low"]), x + slot / 2, at(row["high"]), "whisker")
        yield _dot(x + slot / 2, at(row["value"]), row["strong"])
        if row["strong"]:
            yield _text(x + slot / 2, at(row["value"]) - 7, row["label"], "middle", "tick")


def _groups(figure: Figure, slot: float, bottom: float) -> Iterator[str]:
    start = 0
    for number, group in enumerate(figure["groups"]):
        x = _LEFT + slot * start
        yield _line(x, _TOP, x, bottom, "grid")
        # Neighbouring names stand on two lines, so that short groups do not hide each other.
        y = bottom + (13 if number % 2 == 0 else 25)
        yield _text(x + slot * group["count"] / 2, y, group["label"], "middle", "tick")
        start += group["count"]
