"""Files of the demo, written with the same bytes each time."""

from __future__ import annotations

import gzip
import io
import tempfile
from pathlib import Path

import pysam


def bgzip(path: Path, text: str) -> None:
    """Write a text as BGZF."""
    with pysam.BGZFile(str(path), "wb", None) as stream:
        stream.write(text.encode())


def plain_gzip(path: Path, text: str) -> None:
    """Write a text as plain gzip, without name and time in its header."""
    raw = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as stream:
        stream.write(text.encode())
    path.write_bytes(raw.getvalue())


def bcf(path: Path, text: str) -> None:
    """Write the text of a VCF as BCF."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.vcf"
        source.write_text(text, encoding="utf-8")
        with (
            pysam.VariantFile(str(source)) as stream,
            pysam.VariantFile(str(path), "wb", header=stream.header) as target,
        ):
            for record in stream:
                target.write(record)
