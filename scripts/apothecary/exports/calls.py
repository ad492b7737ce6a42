"""The variants of a sample with all that its report says of them, as VCF and MAF need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.reports.context import Row, SampleTables
from apothecary.reports.tumor import naming
from apothecary.variants.contigs import contigs

Model = Mapping[str, Any]
Place = tuple[str, int, str, str]
JOINED = "joined"
"""The fate of a change that two neighbours of one codon are joined into."""
REPORTED = "reported"
"""The fate of a change that the report names and no record of the input holds."""


@dataclass(frozen=True)
class Pharmacogene:
    """What a position says of a pharmacogene.

    Attributes:
        gene: The gene.
        diplotype: Its diplotype as the report tells it; empty where it has none.
        phenotype: Its phenotype as the report tells it.
        state: called, reference or not_assessed, of the position.
        research: No guideline looks at the gene.
    """

    gene: str
    diplotype: str
    phenotype: str
    state: str
    research: bool


@dataclass(frozen=True)
class Call:
    """A variant of a sample, or a position of a pharmacogene without one.

    Attributes:
        row: A row of the table variants, or the same columns of what is no row of it.
        named: The row of the table consequences that the report shows; empty without one.
        findings: Findings of the section `tumor` of the report model at the place.
        oncogenicity: Entries of the section `oncogenicity` at the place.
        germline: Entries of the sections `germline` and `germline_uncertain` at the place.
        joined: The change that the variant is joined into with its neighbour, as
            chrom:pos:ref:alt.
        pharmacogenes: What the position says of pharmacogenes, by gene.
    """

    row: Row
    named: Row = field(default_factory=dict)
    findings: tuple[Model, ...] = ()
    oncogenicity: tuple[Model, ...] = ()
    germline: tuple[Model, ...] = ()
    joined: str | None = None
    pharmacogenes: tuple[Pharmacogene, ...] = ()

    @property
    def place(self) -> Place:
        """Chromosome, 1-based position and bases."""
        row = self.row
        return row["chrom"], row["pos"], row["ref"], row["alt"]


def of_sample(tables: SampleTables, model: Model) -> list[Call]:
    """The calls of a sample, along the chromosomes.

    Args:
        tables: The rows of the sample; of them variants, consequences, neighbours and sites.
        model: Its report model. A sample that failed has no call.

    Returns:
        Every alternate allele with its fate; what the report names and no record holds, such as
        what neighbours of one codon are joined into; and, in GRCh38, the positions of pharmacogenes
        without an alternate allele, each reference or not assessed. These positions are of GRCh38:
        in GRCh37 only those with an alternate allele are told.
    """
    if model["failure"]:
        return []
    named = naming(tables)
    findings = _by_place(model["tumor"]["findings"])
    classes = _by_place(model["oncogenicity"]["variants"])
    inherited = _by_place([*model["germline"]["findings"], *model["germline_uncertain"]])
    parts = _parts(tables.rows("neighbours"))
    sites = _sites(tables, model)

    def call(row: Row) -> Call:
        place = (row["chrom"], row["pos"], row["ref"], row["alt"])
        return Call(
            row,
            named.get(place, {}),
            tuple(findings.get(place, ())),
            tuple(classes.get(place, ())),
            tuple(inherited.get(place, ())),
            parts.get(place),
            tuple(sites.by_record.get(row["record"], ())) if row.get("record") else (),
        )

    rows = [row for row in tables.rows("variants") if row["alt"] != "."]
    calls = [
        call(row)
        for row in (*rows, *_without_record(tables, rows, {**inherited, **findings}, model))
    ]
    if model["identity"]["build"] == "GRCh38":
        seen = {row["record"] for row in rows}
        calls += [
            Call(row, pharmacogenes=tuple(genes))
            for row, genes in sites.without_alternate
            if row["record"] not in seen
        ]
    order = {name: place for place, name in enumerate(contigs())}
    return sorted(calls, key=lambda c: (order[c.place[0]], *c.place[1:], c.row["record"] or 0))


def _by_place(entries: Sequence[Model]) -> dict[Place, list[Model]]:
    """Entries of the model with a place, by place."""
    found: defaultdict[Place, list[Model]] = defaultdict(list)
    for entry in entries:
        if entry["position"] and entry["ref"] and entry["alt"]:
            chrom, pos = entry["position"].split(":")
            found[chrom, int(pos), entry["ref"], entry["alt"]].append(entry)
    return found


def _place(text: str) -> Place:
    chrom, pos, ref, alt = text.split(":", 3)
    return chrom, int(pos), ref, alt


def _parts(neighbours: Sequence[Row]) -> dict[Place, str]:
    """What a variant is joined into, by its place."""
    return {
        _place(row[part]): row["joined"]
        for row in neighbours
        if row["joined"]
        for part in ("first", "second")
    }


def _without_record(
    tables: SampleTables,
    rows: Sequence[Row],
    findings: Mapping[Place, Sequence[Model]],
    model: Model,
) -> list[Row]:
    """Rows of what no record of the input holds: joined neighbours, and findings of other steps."""
    told = {
        _place(row["joined"]): f"{row['first']} and {row['second']}: {row['reason']}"
        for row in tables.rows("neighbours")
        if row["joined"]
    }
    held = {(row["chrom"], row["pos"], row["ref"], row["alt"]) for row in rows}
    made: list[Row] = []
    for place in dict.fromkeys((*told, *findings)):
        if place in held:
            continue
        finding: Model = next(iter(findings.get(place, ())), {})
        what = {
            "depth": finding.get("depth"),
            "vaf": finding.get("vaf"),
            "fate": JOINED if place in told else REPORTED,
            "reason": told.get(place),
        }
        made.append({**_bare(model, *place), **what})
    return made


def _bare(model: Model, chrom: str, pos: int, ref: str, alt: str) -> dict[str, Any]:
    """The columns of a row of variants that is of no input record."""
    absent = ("record", "depth", "ref_depth", "alt_depth", "vaf", "gq", "qual", "rsid", "reason")
    return {
        **dict.fromkeys(absent),
        "sample_id": model["identity"]["sample_id"],
        "chrom": chrom,
        "pos": pos,
        "ref": ref,
        "alt": alt,
        "build": model["identity"]["build"],
        "allele_index": 1,
        "genotype": ".",
        "filters": ".",
    }


@dataclass(frozen=True)
class _Sites:
    by_record: Mapping[int, Sequence[Pharmacogene]]
    without_alternate: Sequence[tuple[Row, Sequence[Pharmacogene]]]


def _sites(tables: SampleTables, model: Model) -> _Sites:
    told = {
        gene["gene"]: (gene["diplotype_text"], gene["phenotype_text"]) for gene in model["genes"]
    }
    research = {gene["gene"]: (gene["diplotype"], "") for gene in model["research_genes"]}
    by_record: defaultdict[int, list[Pharmacogene]] = defaultdict(list)
    bare: dict[tuple[str, int, str], Row] = {}
    at: defaultdict[tuple[str, int, str], list[Pharmacogene]] = defaultdict(list)
    for row in sorted(tables.rows("sites"), key=lambda r: (r["chrom"], r["pos"], r["gene"])):
        gene = row["gene"]
        diplotype, phenotype = told.get(gene) or research.get(gene) or ("", "")
        entry = Pharmacogene(gene, diplotype, phenotype, row["state"], gene in research)
        record, place = row.get("record"), (row["chrom"], row["pos"], row["ref"])
        if record:
            by_record[record].append(entry)
        if any(allele not in (None, row["ref"]) for allele in (row["allele_1"], row["allele_2"])):
            continue
        at[place].append(entry)
        bare[place] = {
            **_bare(model, *place, "."),
            **{name: row.get(name) for name in ("depth", "gq", "rsid", "reason", "record")},
            "genotype": "./." if row["state"] == "not_assessed" else _reference_genotype(row),
            "fate": row["state"],
        }
    return _Sites(by_record, [(bare[place], at[place]) for place in bare])


def _reference_genotype(row: Row) -> str:
    return "0" if row["allele_2"] is None and row["allele_1"] is not None else "0/0"
