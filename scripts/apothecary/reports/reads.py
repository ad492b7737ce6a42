"""Pages of the reads over the findings of a sample, in igv.js; nothing is asked from outside."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.alignments import files as alignments
from apothecary.files import write_text
from apothecary.reports.html import asset, page_of_scripts
from apothecary.reports.read_slices import Locus, ReadSlice, cut
from apothecary.variants.reference import Fasta

Model = Mapping[str, Any]
# Findings of one page; our own choice, which keeps it small enough to be opened.
LOCI_SHOWN = 24
_BUILD = "GRCh38"


def write_pages(
    folder: Path | str,
    models: Iterable[Model],
    files: Mapping[str, str],
    reference: Path | str,
    program: str,
) -> None:
    """Write `<sample_id>.html` for every sample that did not fail.

    Args:
        folder: The folder to write to, made when absent.
        models: The report models of a batch.
        files: BAM or CRAM by sample, of those that were given as reads.
        reference: FASTA of the reference, whole or of slices.
        program: The text of igv.js.

    Raises:
        WorkflowInputError: The data of a file are damaged.
        ResourceError: The reference cannot be read.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        fasta = Fasta(reference, work)
        for model in models:
            if model["status"] != "failed":
                name = model["identity"]["sample_id"]
                page = _page(model, files.get(name), fasta, program)
                write_text(place / f"{name}.html", page)


def loci(model: Model) -> list[Locus]:
    """The places that a page shows, the most important first.

    Args:
        model: The report model. What consent withholds is not in it, hence shown nowhere.

    Returns:
        Findings of a tumor that have a position, best tier first; of a germline sample, hereditary
        findings and the positions of pharmacogenes that differ from the reference, then hereditary
        variants of uncertain significance.
    """
    found: dict[tuple[str, int], Locus] = {}
    for entry in model["germline"]["findings"]:
        _add(found, f"{entry['gene']} {entry['change']}", entry["position"], entry["ref"])
    for finding in model["tumor"]["findings"]:
        if finding["position"] and finding["ref"]:
            _add(found, finding["alteration"], finding["position"], finding["ref"])
    for gene in model["sites"]:
        for row in gene["variants"]:
            name = row["rsid"] or row["position"]
            _add(found, f"{gene['gene']} {name}", row["position"], row["ref"])
    for entry in model["germline_uncertain"]:
        _add(found, f"{entry['gene']} {entry['change']}", entry["position"], entry["ref"])
    return list(found.values())


def _add(found: dict[tuple[str, int], Locus], label: str, position: str, ref: str) -> None:
    chrom, pos = position.split(":")
    found.setdefault((chrom, int(pos)), Locus(label, chrom, int(pos), len(ref)))


def _page(model: Model, path: str | None, fasta: Fasta, program: str) -> str:
    words = model["words"]
    places = loci(model)
    reason = _reason(model, path, places)
    cut_out = None
    if not reason and path:
        alignment = alignments.look(path, fasta=fasta.path)
        cut_out = cut(alignment, fasta, places[:LOCI_SHOWN])
    title = words["title.reads"].format(sample_id=model["identity"]["sample_id"])
    values = {
        "model": model,
        "reason": reason,
        "rows": _rows(places, cut_out, words) if cut_out else [],
        "more": _more(len(places) - LOCI_SHOWN, words),
        "data": _data(places, cut_out) if cut_out else None,
    }
    scripts = [program, asset("reads.js")] if cut_out else []
    return page_of_scripts("reads.html", title, words, values, scripts)


def _reason(model: Model, path: str | None, places: list[Locus]) -> str | None:
    """Why no reads are shown, None when they are."""
    words = model["words"]
    if path is None:
        return str(words["reads.no_reads"])
    if model["identity"]["build"] != _BUILD:
        return str(words["reads.other_build"])
    return None if places else str(words["reads.no_findings"])


def _more(count: int, words: Mapping[str, str]) -> str | None:
    return words["reads.more"].format(count=count) if count > 0 else None


def _rows(
    places: list[Locus], cut_out: ReadSlice, words: Mapping[str, str]
) -> list[dict[str, str]]:
    return [
        {
            "label": locus.label,
            "position": f"{locus.chrom}:{locus.pos}",
            "locus": f"{locus.chrom}:{locus.start}-{locus.end}",
            "reads": words["reads.shown"].format(shown=shown, present=present),
        }
        for locus, shown, present in zip(places, cut_out.shown, cut_out.present, strict=False)
    ]


def _data(places: list[Locus], cut_out: ReadSlice) -> dict[str, str]:
    """What the script of the page reads: locus, reads and reference as data addresses."""

    def address(data: bytes) -> str:
        return f"data:application/octet-stream;base64,{base64.b64encode(data).decode('ascii')}"

    first = places[0]
    return {
        "locus": f"{first.chrom}:{first.start}-{first.end}",
        "reads": address(cut_out.bam),
        "reference": address(cut_out.fasta.encode("ascii")),
    }
