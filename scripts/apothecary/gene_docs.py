"""A page a pharmacogene, made from the knowledge tables: what is called and what cannot be.

python -m apothecary.gene_docs          # writes docs/genes
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.files import replacing
from apothecary.knowledge import tsv
from apothecary.knowledge.schemas import PACK

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]

INDEX = "README"
_USED = (
    "sources",
    "pgx_genes",
    "pgx_rules",
    "pgx_positions",
    "pgx_alleles",
    "pgx_allele_bases",
    "pgx_phenotype_rules",
    "guidance",
)
_KINDS = {
    "diplotype": "Two named alleles, matched against all positions.",
    "lowest_function": "Named variants; the two of lowest function on the strands decide.",
    "single_allele": "One named allele a chromosome; one copy in males.",
    "mitochondrial": "Named variants of the mitochondrion, each with its share of the reads.",
    "outside_only": "Not called from variants. Types are taken from outside calls.",
}
_HLA = (
    "Types are taken from a TSV of outside calls or from the results of OptiType, T1K, xHLA or "
    "arcasHLA. Guidance asks for single alleles of two fields; an allele of one field excludes "
    "none of its group, and a type that is not known of both alleles excludes none at all."
)


_RESEARCH = (
    "**Research.** No guideline looks at this gene and no source at hand gives a phenotype. A "
    "strand that no allele fits is given as an allele and the variants that it has beside."
)


def read(folder: Path | str) -> Tables:
    """The rows of the knowledge tables that the pages are made from.

    Args:
        folder: Folder of the TSV tables.

    Raises:
        ResourceError: A table cannot be read.
    """
    found: dict[str, list[Row]] = {}
    for name in _USED:
        path = tsv.find(folder, PACK[name])
        found[name] = tsv.read(path, PACK[name]).rows if path is not None else []
    return found


def pages(tables: Tables) -> dict[str, str]:
    """The pages as Markdown, by name without suffix.

    Args:
        tables: See `read`.
    """
    genes = sorted(tables["pgx_genes"], key=lambda row: str(row["gene"]))
    made = {str(row["gene"]): _page(row, tables) for row in genes}
    return {INDEX: _index(genes, tables), **made}


def write(folder: Path | str, texts: Mapping[str, str]) -> None:
    """Write the pages, and take away those of genes that are no more.

    Args:
        folder: docs/genes.
        texts: See `pages`.
    """
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        with replacing(out / f"{name}.md") as temporary:
            temporary.write_text(text, encoding="utf-8")
    for path in out.glob("*.md"):
        if path.stem not in texts:
            path.unlink()


def _index(genes: Sequence[Row], tables: Tables) -> str:
    rows = []
    for gene in genes:
        name = gene["gene"]
        alleles = [a for a in _of(tables, "pgx_alleles", name) if a["defined"]]
        positions = _of(tables, "pgx_positions", name)
        drugs = {row["drug"] for row in tables["guidance"] if name in row["genes"]}
        mark = "research" if gene["research"] else ""
        place = f"[{name}]({name}.md)"
        rows.append((place, gene["chrom"], len(alleles), len(positions), len(drugs), mark))
    head = ("gene", "chromosome", "alleles", "positions", "medicines with guidance", "")
    taken = {gene["gene"] for gene in genes}
    absent = [
        (row["gene"], row["value"])
        for row in sorted(tables["pgx_rules"], key=lambda r: (str(r["gene"]), str(r["value"])))
        if row["rule"] == "left_out" and row["gene"] not in taken
    ]
    return _joined(
        "# Pharmacogenes",
        "Made from the knowledge tables by `python -m apothecary.gene_docs`. A page a gene: what "
        "is called, what cannot be, functions, guidance, sources. Genes marked research are those "
        "that no guideline looks at; `research_genes: false` in the configuration leaves them out.",
        _table(head, rows),
        "## Genes of PyPGx that are left out",
        _table(("gene", "why"), absent),
    )


def _page(gene: Row, tables: Tables) -> str:
    name = str(gene["gene"])
    positions = sorted(_of(tables, "pgx_positions", name), key=lambda r: int(r["position_order"]))
    alleles = sorted(_of(tables, "pgx_alleles", name), key=lambda r: int(r["allele_order"]))
    rules = _of(tables, "pgx_rules", name)
    phenotypes = _of(tables, "pgx_phenotype_rules", name)
    guidance = [row for row in tables["guidance"] if name in row["genes"]]
    parts = [f"# {name}", _KINDS[gene["kind"]]]
    if gene["research"]:
        parts.append(_RESEARCH)
    if name.startswith("HLA-"):
        parts.append(_HLA)
    if any(row["rule"] == "called_on_request" for row in rules):
        parts.append("Called from small variants on request only; else from an outside call.")
    parts += _called(gene, alleles, positions)
    parts += _not_called(gene, alleles, positions, rules)
    parts += _phenotypes(phenotypes)
    parts += _guidance(guidance)
    parts += _sources([gene], positions, alleles, phenotypes, guidance, tables=tables)
    return _joined(*parts)


def _called(gene: Row, alleles: Sequence[Row], positions: Sequence[Row]) -> list[str]:
    defined = [row for row in alleles if row["defined"] and not row["structural"]]
    if not defined:
        return []
    names = [
        (
            row["allele"] + (" (reference)" if row["reference"] else ""),
            row["function"],
            row["activity_value"],
            "not matched" if row["ignored"] else "",
        )
        for row in defined
    ]
    places = [
        (
            row["rsid"],
            f"{row['chrom']}:{row['pos']}",
            f"{row['chrom']}:{row['pos_grch37']}" if row["pos_grch37"] else "not known",
            row["ref"],
            ", ".join(row["alts"]),
            _role(row),
        )
        for row in positions
    ]
    version = f" Version {gene['version']} of the definitions." if gene["version"] else ""
    return [
        "## What is called",
        f"{len(defined)} alleles at {len(positions)} positions on {gene['chrom']}.{version}",
        _table(("allele", "function", "activity value", "remark"), names),
        "### Positions",
        "1-based, spelled as in a VCF on GRCh38. A position that an input does not cover is not "
        "assessed and never counts as reference.",
        _table(("dbSNP", "GRCh38", "GRCh37", "reference", "alternates", "role"), places),
    ]


def _role(row: Row) -> str:
    marks = [] if row["role"] == "defining" else [str(row["role"])]
    marks += ["no call without it"] if row["required"] else []
    marks += ["AMP tier 1"] if row["amp_tier_1"] else []
    differs = row["ref_grch37"] not in (None, row["ref"])
    marks += [f"GRCh37 has {row['ref_grch37']}"] if differs else []
    return ", ".join(marks)


def _not_called(
    gene: Row, alleles: Sequence[Row], positions: Sequence[Row], rules: Sequence[Row]
) -> list[str]:
    lines = []
    unseen = sorted(str(row["value"]) for row in rules if row["rule"] == "unseen")
    if unseen:
        lines.append(f"Small variants do not show {' and '.join(unseen)}; every call says so.")
    lost = [str(row["value"]) for row in rules if row["rule"] == "left_out"]
    if lost:
        lines.append(f"Not taken from the source: {'; '.join(sorted(lost))}.")
    structural = [row["allele"] for row in alleles if row["structural"]]
    if structural:
        lines.append(f"Structural alleles are not excluded: {', '.join(structural)}.")
    undefined = [row["allele"] for row in alleles if not (row["defined"] or row["structural"])]
    if undefined and gene["kind"] != "outside_only":
        lines.append(
            "Alleles with a function but without bases in the definitions are neither called nor "
            f"excluded: {', '.join(undefined)}."
        )
    ignored = [row["allele"] for row in alleles if row["ignored"]]
    if ignored:
        lines.append(f"Left out of matching: {', '.join(ignored)}.")
    silent = [row["allele"] for row in alleles if row["defined"] and not row["function"]]
    if silent:
        lines.append(f"No source gives a function of {_few(silent)}.")
    lost = [row["rsid"] or row["position_id"] for row in positions if not row["pos_grch37"]]
    if lost:
        lines.append(f"Not assessed in GRCh37, where the place is not known: {', '.join(lost)}.")
    if gene["kind"] not in ("outside_only", "mitochondrial"):
        lines.append(
            "Variants away from these positions, rearrangements and copy number are not seen."
        )
    listed = "\n".join(f"- {_plain(line)}" for line in lines)
    return ["## What is not called", listed] if lines else []


def _few(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def _phenotypes(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    made = [
        (" + ".join(filter(None, (r["key_1"], r["key_2"]))), r["activity_score"], r["phenotype"])
        for r in rows
    ]
    head = ("functions or activity values", "activity score", "phenotype")
    return ["## Phenotypes", _table(head, made)]


def _guidance(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    groups: dict[tuple[str, str, str, str, str], int] = {}
    for row in rows:
        key = (row["drug"], row["source"], row["guideline_id"], row["link"], ",".join(row["genes"]))
        groups[key] = groups.get(key, 0) + 1
    versions = {row["guideline_id"]: row["guideline_version"] for row in rows}
    made = [
        (drug, source, f"[{guideline}]({link})", versions[guideline], genes.replace(",", ", "), n)
        for (drug, source, guideline, link, genes), n in sorted(groups.items())
    ]
    head = ("medicine", "source", "guideline", "version", "genes", "recommendations")
    return ["## Guidance", _table(head, made)]


def _sources(*groups: Iterable[Row], tables: Tables) -> list[str]:
    used = {
        row[column]
        for group in groups
        for row in group
        for column in ("source_id", "function_source_id", "grch37_source_id")
        if row.get(column)
    }
    made = [
        (row["name"], row["version"], row["licence"], row["address"])
        for row in sorted(tables["sources"], key=lambda r: str(r["source_id"]))
        if row["source_id"] in used
    ]
    return ["## Sources", _table(("source", "version", "licence", "address"), made)]


def _of(tables: Tables, table: str, gene: str) -> list[Row]:
    return [row for row in tables[table] if row["gene"] == gene]


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [_line(head), "|" + "---|" * len(head), *map(_line, rows)]
    return "\n".join(lines)


def _line(cells: Sequence[object]) -> str:
    shown = ("" if cell is None else _plain(str(cell)) for cell in cells)
    return f"| {' | '.join(shown)} |"


def _plain(text: str) -> str:
    """Text in which Markdown sees no emphasis and no border of a cell."""
    return text.replace("|", "\\|").replace("*", "\\*")


def _joined(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write docs/genes of this installation, or into the folder that is named."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description="Write a page a pharmacogene.")
    parser.add_argument("out", nargs="?", type=Path, default=root / "docs" / "genes")
    write(parser.parse_args().out, pages(read(root / "resources" / "knowledge")))


if __name__ == "__main__":
    main()
