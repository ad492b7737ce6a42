"""Values made fit to be shown: printable, plain, with links that lead to the web only."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from decimal import ROUND_CEILING
from decimal import Context as Rounding
from typing import Any
from urllib.parse import urlsplit

DIGITS = 3
"""Significant digits of allele fractions and their limits."""
_BLOCK = re.compile(r"</?(?:p|div|h[1-6]|li|ul|ol|br|tr|table|blockquote)\b[^>]*>", re.IGNORECASE)


def printable(text: str) -> str:
    """Text with every character that cannot be printed written as its escape.

    Control characters, line breaks and marks that turn the direction of writing are such
    characters; none of them can then change what a reader or a program takes the text for.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def printable_tree(value: Any) -> Any:
    """A JSON-able value with every text in it made printable, keys included."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [printable_tree(item) for item in value]
    if isinstance(value, dict):
        return {printable(key): printable_tree(item) for key, item in value.items()}
    return value


def paragraphs(markup: str | None) -> list[str]:
    """The paragraphs of HTML from an installed source as plain text.

    Args:
        markup: HTML or plain text; None gives no paragraph.

    Returns:
        One text a block element, without markup.
    """
    if not markup:
        return []
    import nh3

    blocks = _BLOCK.sub("\n", markup)
    plain = html.unescape(nh3.clean(blocks, tags=set()))
    return [" ".join(line.split()) for line in plain.split("\n") if line.strip()]


def web_link(address: str | None) -> str | None:
    """The address when it leads to a web page by http or https, else None."""
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def fraction(value: float | None) -> float | None:
    """A fraction, probability or copy number rounded to the three decimals that views show."""
    return None if value is None else round(value, 3)


def rounded_up(limit: float) -> float:
    """A detection limit rounded up, so that it never promises more than the reads do."""
    rounding = Rounding(prec=DIGITS, rounding=ROUND_CEILING)
    return float(rounding.create_decimal(repr(limit)))


def unique(values: Iterable[str | None]) -> list[str]:
    """The distinct texts in the order of their first appearance, without empty ones."""
    return list(dict.fromkeys(value for value in values if value))
