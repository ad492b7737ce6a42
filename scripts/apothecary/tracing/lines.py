"""The lines of a report by their identifiers, and the rows that each was made from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from apothecary.story import Row, Story, place
from apothecary.tracing.links import Link, found, having

_Find = Callable[[Story, str], list[Link]]
_IDENTIFIERS = ("finding", "finding_id")


def identifiers(story: Story) -> set[str]:
    """The identifiers of all lines of a sample's report; none where the run has no report."""
    return set(_walk(_model(story)))


def report(story: Story) -> str:
    """The report of a sample, below the results."""
    return f"reports/{story.sample['batch']}/{story.sample['sample_id']}.json"


def _model(story: Story) -> Any:
    path = story.run.folder / report(story)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _walk(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (part[n] for n in _IDENTIFIERS if isinstance(part.get(n), str))
    if isinstance(part, dict | list):
        for value in part.values() if isinstance(part, dict) else part:
            yield from _walk(value)


def rows_of(story: Story, line: str) -> list[Link]:
    """The rows that a line was made from.

    Args:
        story: The sample.
        line: Identifier of the line: its kind, a colon, and what it is of.

    Returns:
        The rows; none where the line tells of something that no table has, such as a gene that
        cannot be called from variants.
    """
    kind, _, of = line.partition(":")
    links = _KINDS[kind](story, of) if kind in _KINDS else []
    return links or of_finding(story, line)


def of_finding(story: Story, finding_id: str) -> list[Link]:
    """The rows of a change of a tumor, as the tables of its evidence name it."""
    links = having(story, "actionability", "finding_id", [finding_id])
    return links or found(story, "variants", lambda row: place(row) == finding_id)


def _by(table: str, *columns: str) -> _Find:
    """Rows whose columns are the parts of the identifier, the first of which may hold colons."""

    def find(story: Story, of: str) -> list[Link]:
        parts = of.rsplit(":", len(columns) - 1)
        return found(story, table, lambda r: [str(r[name]) for name in columns] == parts)

    return find


def _at(table: str, *columns: str) -> _Find:
    """Rows at a place, and with columns after it."""

    def find(story: Story, of: str) -> list[Link]:
        return found(
            story, table, lambda r: ":".join([place(r), *(str(r[n]) for n in columns)]) == of
        )

    return find


def _either(*ways: _Find) -> _Find:
    """What the first way finds that finds any."""

    def find(story: Story, of: str) -> list[Link]:
        return next((links for way in ways if (links := way(story, of))), [])

    return find


def _both(*ways: _Find) -> _Find:
    def find(story: Story, of: str) -> list[Link]:
        return [link for way in ways for link in way(story, of)]

    return find


def _not_assessed(story: Story, gene: str) -> list[Link]:
    def fits(row: Row) -> bool:
        return bool(row["gene"] == gene and row["state"] == "not_assessed")

    return found(story, "sites", fits)


def _dose(story: Story, of: str) -> list[Link]:
    # A model's name has colons, a medicine's has none.
    drug, _, model = of.partition(":")
    return found(story, "doses", lambda r: (r["drug"], r["model"]) == (drug, model))


def _sheet(story: Story, of: str) -> list[Link]:
    """The sample's row, which names no file that the gene could be taken from."""
    return [Link("samples", dict(story.sample))]


def _code(story: Story, of: str) -> list[Link]:
    """The variant that a code is of; its codes stand in its row."""
    return _at("germline_findings", "gene")(story, of.rpartition(":")[0])


def _signature(story: Story, of: str) -> list[Link]:
    catalogue, _, name = of.partition(":")
    return found(
        story,
        "signatures",
        lambda r: r["catalogue"] == catalogue and (r["signature"] or "none") == name,
    )


def _quality(story: Story, of: str) -> list[Link]:
    level, parted, name = of.partition(":")
    if not parted:
        return found(story, "qc_metrics", lambda r: r["metric"] == of)
    gates = found(story, "qc_gates", lambda r: (r["level"], r["name"]) == (level, name))
    # Genes whose gates are alike share a line, which counts them.
    return gates or found(story, "qc_gates", lambda r: r["level"] == level)


def _unknown(story: Story, of: str) -> list[Link]:
    return [*of_finding(story, of), *_at("consequences")(story, of)]


_gene = _both(_by("diplotypes", "gene"), _by("phenotypes", "gene"))

_KINDS: dict[str, _Find] = {
    "approval": _by("approvals", "approval_id"),
    "biomarker": _either(
        _by("biomarkers", "biomarker"), _by("pertinent_negatives", "molecular_profile")
    ),
    "clonality": _at("clonality"),
    "copy_number": _by("copy_number", "gene"),
    "depth_copy_number": _by("depth_copy_number", "gene"),
    "dose": _dose,
    "evidence": _by("actionability", "finding_id", "evidence_id"),
    "expression": _by("expression_outliers", "gene"),
    "failed": _at("variants", "record"),
    "flag": _by("tumor_flags", "flag"),
    "fusion": _by("fusions", "gene_5prime", "gene_3prime", "row"),
    "gene": _gene,
    "germline": _at("germline_findings", "gene"),
    "germline_code": _code,
    "hotspot": _at("hotspot_evidence"),
    "hotspot_gene": _by("hotspot_evidence", "gene"),
    "interaction": _by("interactions", "drug", "enzyme", "by"),
    "marked": _at("variants", "record"),
    "medicine": _by("medicines", "medicine", "part"),
    "multi_omic": _by("multi_omic", "gene"),
    "not_assessed": _either(_not_assessed, _gene),
    "not_called": _either(_gene, _sheet),
    "oncogenicity": _either(_at("oncogenicity", "gene"), _at("oncogenicity_codes", "gene", "rank")),
    "origin": _at("variant_origins"),
    "quality": _quality,
    "recommendation": _by("recommendations", "drug", "source", "rank"),
    "research_gene": _gene,
    "risk": _by("risk", "model"),
    "signature": _signature,
    "tag_screen": _by("tag_screens", "allele", "rsid"),
    "trial": _by("trials", "trial_id", "block"),
    "two_hits": _by("two_hits", "gene"),
    "unknown": _unknown,
}
