"""Medicines, doses and pharmacogenes of a printed report; see `pages`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apothecary.reports import pages_germline
from apothecary.reports.blocks import (
    Block,
    Cell,
    badge,
    bullets,
    code,
    heading,
    labelled,
    lines,
    link,
    muted,
    note,
    plain,
    strong,
    table,
)
from apothecary.reports.html import by_drug

Model = Mapping[str, Any]
Row = Mapping[str, Any]


def _actions(model: Model) -> list[Block]:
    words, told = model["words"], model["actions"]
    made = [heading(words["section.actions"]), *note(told["note"]), *_interactions(model)]
    made += _medicines(model, "medicines_taken", told["taken"])
    made += pages_germline.to_do(model)
    made += _medicines(model, "medicines_other", told["other"])
    made += _medicines(model, "medicines_read", told["see_guideline"])
    return made + table(
        words,
        "therapies",
        (("tier", 1), ("alteration", 2), ("sensitivity", 5), ("resistance", 5)),
        [
            (
                lines(badge(f"tier-{row['tier']}", row["tier_words"])),
                lines(strong(row["alteration"])),
                _therapies(model, row["sensitivity"], row["sensitivity_more"]),
                _therapies(model, row["resistance"], row["resistance_more"]),
            )
            for row in told["therapies"]
        ],
    )


def _medicines(model: Model, caption: str, drugs: list[str]) -> list[Block]:
    words, sources, entries = model["words"], model["actions"]["sources"], by_drug(model)
    rows = []
    for drug in drugs:
        entry = entries[drug]
        found = {item["source"]: item["rows"] for item in entry["sources"]}
        guidance = [_guidance(words, found.get(source, [])) for source in sources]
        basis = lines(*entry["basis"], *(strong(item["text"]) for item in entry["conflicts"]))
        rows.append((lines(strong(drug)), *guidance, basis))
    columns = [("medicine", 2.0), *((f"@{source}", 2.6) for source in sources), ("basis", 3.0)]
    return table(words, caption, columns, rows)


def _guidance(words: Mapping[str, str], rows: list[Row]) -> Cell:
    made: Cell = []
    for row in rows:
        strength = row["strength"] if row["strength"] != row["action_words"] else None
        posterior = row["posterior"]
        made += lines(
            [badge(row["action"], row["action_words"]), strong(row["dose_change"])],
            [
                muted(words["ui.with_medicines"] if row["by_clinical_phenotype"] else None),
                plain(strength),
                muted(row["population"]),
                muted(None if posterior is None else f"{words['ui.posterior']} {posterior}"),
            ],
        )
    return made or lines(muted(words["action.none"]))


def _therapies(model: Model, rows: list[Row], more: str | None) -> Cell:
    words = model["words"]
    made: Cell = []
    for row in rows:
        level = f"{words['field.level']} {row['level']}" if row["level"] else None
        evidence = [link(item["link"], item["evidence_id"]) for item in row["evidence"]]
        by = [plain(name) for name in row["vetoed_by"]]
        made += lines(
            [
                strong(row["therapies"]),
                badge(f"tier-{row['tier']}", row["tier_words"]),
                plain(level),
            ],
            [muted(row["effect_words"]), muted(row["tumor_match_words"])],
            [*evidence, muted(row["evidence_more"])],
            [badge("resistant", words["therapy.vetoed"]), *by] if by else None,
        )
    return made + lines(muted(more))


def _interactions(model: Model) -> list[Block]:
    columns = (
        ("medicine", 2),
        ("by", 2),
        ("enzyme", 1.5),
        ("effect", 2),
        ("genetic_phenotype", 2.5),
        ("converted_phenotype", 2.5),
        ("reason", 4),
    )
    rows = [
        (
            lines(strong(row["drug"])),
            lines(strong(row["by"])),
            lines(row["enzyme"]),
            lines(
                badge("warn" if row["converts"] else "plain", row["effect_words"]), row["strength"]
            ),
            lines(row["genetic_phenotype"]),
            lines(row["clinical_phenotype"]),
            lines(row["reason"], muted(row["source"])),
        )
        for row in model["interactions"]
    ]
    return table(model["words"], "interactions", columns, rows)


def _doses(model: Model) -> list[Block]:
    words = model["words"]
    made = [heading(words["section.doses"])]
    made += table(
        words,
        "medicines_given",
        (("medicine", 2), ("name", 2), ("matched_by", 2), ("reason", 4)),
        [
            (
                lines(strong(row["medicine"])),
                lines(row["drug"]),
                lines(row["matched_by"]),
                lines(row["note"]),
            )
            for row in model["medicines_given"]
        ],
    )
    if not model["doses"]:
        return made + note(words["doses.none"])
    columns = (
        ("medicine", 2),
        ("model", 2),
        ("dose", 3),
        ("inputs", 3),
        ("notes", 3),
        ("source", 3),
    )
    rows = [
        (
            lines(strong(row["drug"])),
            lines(row["model_words"]),
            lines(strong(row["dose"]), row["refused"]),
            lines(*row["inputs"]),
            lines(*row["notes"], labelled(words, "validity", row["validity"])),
            lines(row["source"]),
        )
        for row in model["doses"]
    ]
    return [*made, *note(words["doses.intro"]), *table(words, None, columns, rows)]


def _genes(model: Model) -> list[Block]:
    words = model["words"]
    made = [heading(words["section.genes"])]
    made += note(None if model["genes"] else model["genes_note"])
    columns = (
        ("gene", 1.6),
        ("diplotype", 3),
        ("phenotype", 2.6),
        ("functions", 3),
        ("method", 2.2),
        ("warnings", 4),
    )
    made += table(words, "genes", columns, [_gene(words, gene) for gene in model["genes"]])
    missing = (("gene", 1.6), ("#missing", 1.4), ("not_excludable", 5), ("missing_positions", 5))
    made += table(
        words,
        "not_assessed_genes",
        missing,
        [
            (
                lines(strong(row["gene"])),
                lines([plain(row["missing"]), muted(_of(row["positions"]))]),
                lines(_together(row["not_excludable"]) or muted(words["not_assessed.none"])),
                lines(_together(row["missing_positions"])),
            )
            for row in model["not_assessed"]["genes"]
        ],
    )
    several = [gene for gene in model["genes"] if len(gene["diplotypes"]) > 1]
    if several:
        made.append(heading(words["ui.all_diplotypes"], 3))
        made += bullets([[strong(gene["gene"]), *_candidates(gene)] for gene in several], "small")
    return [*made, *_sites(model), *_tag_screens(model)]


def _gene(words: Mapping[str, str], gene: Row) -> tuple[Cell, ...]:
    return (
        lines(strong(gene["gene"])),
        lines(
            strong(gene["diplotype_text"]),
            muted(gene["posterior_text"]),
            muted(gene["credible_text"]),
        ),
        lines(
            gene["phenotype_text"],
            labelled(words, "activity_score", gene["activity_text"]),
            [code(text) for text in gene["answer_codes"]],
        ),
        lines(gene["functions_text"]),
        lines(gene["method_text"], gene["phase_words"], muted(gene["phase_reads_text"])),
        lines(*gene["warnings"], *gene["reasons"]),
    )


def _candidates(gene: Row) -> list[Any]:
    made = []
    for row in gene["diplotypes"]:
        if row["diplotype"]:
            made += [plain(row["diplotype"]), muted(row["posterior"])]
    return made


def _of(positions: int | None) -> str | None:
    return None if positions is None else f"/ {positions}"


def _together(names: list[str]) -> str:
    return ", ".join(names)


def _sites(model: Model) -> list[Block]:
    words = model["words"]
    made = [heading(words["section.sites"], 3)] if model["sites"] else []
    columns = (
        ("position", 4),
        ("rsid", 3),
        ("reference_bases", 2),
        ("genotype", 2),
        ("#depth", 1.5),
        ("#gq", 1.5),
        ("reason", 4),
    )
    for gene in model["sites"]:
        made.append(heading(gene["gene"], 4))
        made += note(gene["summary"])
        rows = [
            (
                lines(code(row["position"])),
                lines(row["rsid"]),
                lines(code(row["ref"])),
                lines(code(row["genotype"])),
                lines(row["depth"]),
                lines(row["gq"]),
                lines(row["reason"]),
            )
            for row in gene["variants"]
        ]
        made += table(words, "sites_variants", columns, rows)
        read = [
            [
                strong(words["caption.sites_missing"]),
                plain(group["reason"]),
                muted(_together(group["positions"])),
            ]
            for group in gene["not_assessed"]
        ]
        if gene["reference"]:
            read.append(
                [strong(words["caption.sites_reference"]), muted(_together(gene["reference"]))]
            )
        made += bullets(read, "small")
    return made


def _tag_screens(model: Model) -> list[Block]:
    words = model["words"]
    if not model["tag_screens"]:
        return []
    made = [heading(words["section.tag_screens"], 3), *note(words["tag_screens.intro"])]
    columns = (("hla_allele", 2), ("tag", 2), ("state", 1.8), ("reason", 2.4), ("studies", 6))
    rows = [
        (
            lines(strong(row["allele"])),
            lines([plain(row["rsid"]), muted(row["base"])]),
            lines(
                [plain(row["state_words"]), muted(f"({row['copies']})" if row["copies"] else None)]
            ),
            lines(row["reason"]),
            lines(*row["studies"]),
        )
        for row in model["tag_screens"]
    ]
    return made + table(words, None, columns, rows)


def _recommendations(model: Model) -> list[Block]:
    words = model["words"]
    made = [heading(words["section.recommendations"])]
    if not model["recommendations"]:
        return made + note(model["recommendations_note"])
    columns = (
        ("medicine", 2),
        ("source", 1.2),
        ("action", 2.6),
        ("population", 2),
        ("basis", 5),
        ("guideline", 3),
    )
    rows = [
        _recommendation(words, row)
        for medicine in model["recommendations"]
        for source in medicine["sources"]
        for row in source["rows"]
    ]
    return [
        *made,
        *note(words["recommendations.several"]),
        *table(words, "recommendations", columns, rows),
    ]


def _recommendation(words: Mapping[str, str], row: Row) -> tuple[Cell, ...]:
    return (
        lines(strong(row["drug"]), muted(words["ui.taken"] if row["taken"] else None)),
        lines(row["source"]),
        lines(
            badge(row["action"], row["action_words"]), strong(row["dose_change"]), row["strength"]
        ),
        lines(row["population"]),
        lines(
            *row["diplotypes"],
            *row["phenotypes"],
            labelled(words, "posterior", row["posterior"]),
            *row["effects"],
            *row["implications"],
            *row["text"],
        ),
        lines(
            link(row["link"], row["guideline_id"]),
            muted(row["guideline_version"]),
            muted(row["licence"]),
        ),
    )


def _research_genes(model: Model) -> list[Block]:
    words = model["words"]
    columns = (
        ("gene", 1.6),
        ("diplotype", 3),
        ("functions", 3),
        ("method", 2),
        ("missing", 2),
        ("remarks", 3),
    )
    rows = [
        (
            lines(strong(gene["gene"])),
            lines(gene["diplotype"]),
            lines(gene["functions"]),
            lines(gene["method"]),
            lines(gene["missing_text"]),
            lines(*gene["remarks"]),
        )
        for gene in model["research_genes"]
    ]
    made = [heading(words["section.research_genes"]), *note(words["genes.research"])]
    return made + table(words, None, columns, rows)


SECTIONS: Mapping[str, Callable[[Model], list[Block]]] = {
    "actions": _actions,
    "doses": _doses,
    "genes": _genes,
    "recommendations": _recommendations,
    "research_genes": _research_genes,
}
