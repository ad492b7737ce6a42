"""Reads PDFs in tests: their text without what the layout put between its letters."""

from __future__ import annotations

import io
import re

import pypdf


def squashed(text: str) -> str:
    """Text without blanks, and without hyphens, which the layout may set."""
    return re.sub(r"[\s\u00ad-]+", "", text)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """The text between head and foot of all pages, squashed."""
    bodies = []
    for page in pages_of(pdf):
        bodies.append("\n".join(page.split("\n")))
    return squashed("\n".join(bodies))
