"""What a row was made from: rows of tables before it, down to those that hold records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from apothecary.story import Row, Story, allele, place
from apothecary.tracing import lines
from apothecary.tracing.links import Link, found, having, rows

_Behind = Callable[[Story, Row], Iterable[Link]]


def walk(story: Story, start: Iterable[Link]) -> list[Link]:
    """The rows, and all that they were made from, each once, nearest first."""
    seen: dict[tuple[object, ...], Link] = {}
    waiting = list(start)
    while waiting:
        link = waiting.pop(0)
        name = (link.table, link.key)
        if name in seen:
            continue
        seen[name] = link
        if link.table in _BEHIND:
            waiting += _BEHIND[link.table](story, link.row)
    return list(seen.values())


def _of_gene(story: Story, row: Row) -> Iterator[Link]:
    gene = row["gene"]
    named = {allele(r) for r in rows(story, "consequences") if r["gene"] == gene}
    yield from found(story, "variants", lambda r: allele(r) in named)
    for table in ("copy_number", "depth_copy_number"):
        yield from found(story, table, lambda r: r["gene"] == gene)


def _sites(story: Story, row: Row) -> Iterator[Link]:
    """The positions of a gene that a diplotype tells of, else all of the gene."""
    told = {*(row["supporting_sites"] or ()), *(row["missing_sites"] or ())}
    of_gene = having(story, "sites", "gene", [row["gene"]])
    yield from [link for link in of_gene if link.row["position_id"] in told] or of_gene
    yield from having(story, "outside_calls", "gene", [row["gene"]])


def _diplotypes(story: Story, genes: Iterable[str]) -> Iterator[Link]:
    wanted = list(genes)
    for table in ("phenotypes", "diplotypes"):
        yield from having(story, table, "gene", wanted)


def _medicines(story: Story, drugs: Iterable[str]) -> Iterator[Link]:
    yield from having(story, "medicines", "drug", drugs)


def _guidance(story: Story, row: Row) -> Iterator[Link]:
    yield from _diplotypes(story, row["genes"] or ())
    drugs = [row["drug"]] if row["taken"] else []
    yield from _medicines(story, drugs)


def _interaction(story: Story, row: Row) -> Iterator[Link]:
    yield from _medicines(story, (row["drug"], row["by"]))
    yield from _diplotypes(story, row["genes"] or ())


def _dose(story: Story, row: Row) -> Iterator[Link]:
    yield from _medicines(story, [row["drug"]])
    named = [
        part.split("=", 1)[0]
        for text in row["inputs"] or ()
        for part in text.removeprefix("lookup=").split(";")
    ]
    yield from _diplotypes(story, named)
    yield from found(story, "clinical", lambda r: r["item"] in named)


def _phenotype(story: Story, row: Row) -> Iterator[Link]:
    yield from having(story, "diplotypes", "gene", [row["gene"]])
    by = row["converted_by"] or ()
    yield from _medicines(story, by)


def _at_place(story: Story, row: Row) -> Iterator[Link]:
    here = having(story, "variants", "pos", [row["pos"]])
    yield from (link for link in here if place(link.row) == place(row))


def _record(story: Story, row: Row) -> Iterator[Link]:
    if row["record"] is not None:
        yield from having(story, "variants", "record", [row["record"]])


def _evidence(story: Story, row: Row) -> Iterator[Link]:
    if row["pos"] is not None:
        yield from _at_place(story, row)
        here = having(story, "consequences", "pos", [row["pos"]])
        yield from (link for link in here if place(link.row) == place(row))
    kind, _, of = str(row["finding_id"]).partition(":")
    if kind == "copy_number":
        yield from _of_copies(story, of.split(":")[0])
    elif kind == "fusion":
        genes = set(of.split("::"))
        yield from found(story, "fusions", lambda r: genes <= {r["gene_5prime"], r["gene_3prime"]})
    elif kind == "biomarker":
        yield from found(story, "biomarkers", lambda r: r["biomarker"] in of)


def _of_copies(story: Story, gene: str) -> Iterator[Link]:
    for table in ("copy_number", "depth_copy_number"):
        yield from found(story, table, lambda r: r["gene"] == gene)


def _searched(story: Story, row: Row) -> Iterator[Link]:
    """What was found of a biomarker; else where its genes were looked at."""
    here = [link for one in row["findings"] or () for link in lines.of_finding(story, one)]
    if here:
        yield from here
        return
    genes = row.get("genes") or row["molecular_profile"].replace("::", " ").split()
    for table in ("hotspot_evidence", "coverage", "depth_copy_number"):
        yield from having(story, table, "gene", genes)


def _trial(story: Story, row: Row) -> Iterator[Link]:
    yield from found(
        story,
        "trial_criteria",
        lambda r: (r["trial_id"], r["block"]) == (row["trial_id"], row["block"]),
    )


def _criterion(story: Story, row: Row) -> Iterator[Link]:
    for one in row["matched_by"] or ():
        yield from lines.of_finding(story, one)


def _region(story: Story, row: Row) -> Iterator[Link]:
    """The coverage that a gate judges; the measures of the sample where it judges them."""
    level, name = row["level"], row["name"]
    regions = [
        *having(story, "coverage", "gene", [name]),
        *having(story, "coverage", "region_id", [name, f"{level}:{name}"]),
    ]
    yield from regions or found(story, "qc_metrics", lambda r: r["status"] is not None)


def _covered(story: Story, row: Row) -> Iterator[Link]:
    yield from having(story, "coverage", "gene", [row["gene"]])


def _by_rsid(story: Story, row: Row) -> Iterator[Link]:
    yield from found(story, "variants", lambda r: row["rsid"] in (r["rsid"] or "").split(";"))


_BEHIND: dict[str, _Behind] = {
    "actionability": _evidence,
    "approvals": _searched,
    "clonality": _at_place,
    "consequences": _at_place,
    "depth_copy_number": _covered,
    "diplotypes": _sites,
    "doses": _dose,
    "expression_outliers": _of_gene,
    "germline_findings": _at_place,
    "hotspot_evidence": _at_place,
    "interactions": _interaction,
    "multi_omic": _of_gene,
    "oncogenicity": _at_place,
    "oncogenicity_codes": _at_place,
    "pertinent_negatives": _searched,
    "phenotypes": _phenotype,
    "qc_gates": _region,
    "recommendations": _guidance,
    "sites": _record,
    "tag_screens": _by_rsid,
    "trial_criteria": _criterion,
    "trials": _trial,
    "two_hits": _of_gene,
    "variant_origins": _at_place,
}
