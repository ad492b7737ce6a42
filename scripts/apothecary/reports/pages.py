"""A printed report as blocks, in the order of the HTML; see `blocks`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apothecary.reports import (
    pages_evidence,
    pages_germline,
    pages_medicines,
    pages_risk,
    pages_tumor,
)
from apothecary.reports.blocks import (
    Block,
    Run,
    badge,
    bullets,
    code,
    deeper,
    facts,
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
from apothecary.reports.figures_printed import figures_of

Model = Mapping[str, Any]
_LISTED_VARIANTS = (
    ("position", 3.0),
    ("gene", 2.0),
    ("genotype", 2.5),
    ("depth", 2.5),
    ("fate", 2.0),
    ("reason", 4.0),
)


def pages(model: Model) -> list[Block]:
    """The blocks of the printed report of a sample.

    Args:
        model: The report model.

    Returns:
        What to do, then the parts of the outline with their sections and figures, an empty one with
        the reason; of a failed sample why, its quality and what became of its records, and no
        finding.
    """
    failed = model["status"] == "failed"
    made = _opening(model)
    if not failed:
        made += [*_glance(model), *SECTIONS["actions"](model)]
    for part in model["outline"]:
        if not failed:
            made += _part(model, part)
        elif not part["note"]:
            held = [section for section in part["sections"] if not section["note"]]
            made += _part(model, {**part, "sections": held}) if held else []
    return made + _closing(model)


def _part(model: Model, part: Mapping[str, Any]) -> list[Block]:
    made = [heading(part["name"]), *note(part["note"])]
    for section in part["sections"]:
        if section["note"]:
            made += [heading(section["name"], 3), *note(section["note"])]
        else:
            made += deeper(SECTIONS[section["section"]](model))
            made += figures_of(model, section["section"])
    return made


def _opening(model: Model) -> list[Block]:
    """What the first page begins with: who, what must be read first, and what to do in brief."""
    words, actions = model["words"], model["actions"]
    made = [*_identity(model), *_amendment(model), *_banner(model)]
    made.append(heading(words["section.brief"]))
    brief = [[strong(line["weight"]), plain(line["text"])] for line in actions["headlines"]]
    return made + bullets(brief, "headlines")


def _glance(model: Model) -> list[Block]:
    """What was not assessed and how good the data are, in a few words."""
    words = model["words"]
    told, quality = model["glance"]["not_assessed"], model["glance"]["quality"]
    missing = [heading(words["glance.not_assessed"], 3), *note(told["nothing"])]
    missing += bullets(
        [
            [strong(f"{line['name']} {line['count']}"), plain(", ".join(line["items"]))]
            for line in told["lines"]
        ],
        "small",
    )
    kind = f"state-{quality['status']}"
    status = [badge(kind, quality["status_words"]), plain(quality["text"])]
    found = [heading(words["glance.quality"], 3), *bullets([status], "small")]
    if quality["items"]:
        count = f"{words['glance.not_passed']} {len(quality['items'])}"
        found += bullets([[strong(count), plain(", ".join(quality["items"]))]], "small")
    panel = {"block": "panel", "columns": [missing, found]}
    return [heading(words["glance.title"]), panel]


def _banner(model: Model) -> list[Block]:
    words, made = model["words"], []
    if model["failure"]:
        reasons = [
            lines(
                [badge("failed", words["status.failed"]), code(row["step"]), plain(row["reason"])]
            )
            for row in model["failure"]
        ]
        made.append({"block": "banner", "title": words["section.failure"], "entries": reasons})
    if model["flags"]:
        flags = [
            lines(
                [
                    badge(row["status"], row["status_words"]),
                    plain(row["reason"]),
                    muted(row["flag"]),
                    muted(row["value"]),
                ]
            )
            for row in model["flags"]
        ]
        made.append({"block": "banner", "title": words["section.flags"], "entries": flags})
    return made


def _identity(model: Model) -> list[Block]:
    words, head = model["words"], model["identity"]
    values = [
        ("subject_id", head["subject_id"]),
        ("status", model["status_words"]),
        ("role", head["role_words"]),
        ("assay", head["assay"]),
        ("sex", head["sex_words"]),
        ("tumor_type", head["tumor_type_words"]),
        ("build", head["build"]),
        ("input_format", head["input_format"]),
        ("input_records", head["input_records"]),
        ("batch", head["batch"]),
        ("software", head["software"]),
        ("knowledge", head["knowledge_short"]),
    ]
    entries = [(words[f"field.{name}"], lines(value)) for name, value in values]
    made = facts(entries)
    made += facts((row["name"], lines(_given(row))) for row in model["order"])
    given: list[Run | None] = []
    for row in head["clinical"]:
        given += [
            muted(row["item_words"]),
            strong(row["value"]),
            plain(row["unit"]),
            muted(row["code"]),
        ]
    return made + facts([(words["field.clinical"], lines(given))])


def _given(row: Mapping[str, Any]) -> Run | None:
    return plain(row["text"]) if row["given"] else muted(row["text"])


def _amendment(model: Model) -> list[Block]:
    words, amends = model["words"], model["issue"]["amends"]
    if not amends:
        return []
    made = [heading(words["section.amendment"])]
    made += facts(
        [
            (words["field.amends"], lines(code(amends["report_id"]))),
            (words["field.amend_reason"], lines(amends["reason"])),
        ]
    )
    rows = [
        (
            lines(row["kind"]),
            lines(strong(row["subject"])),
            lines(row["before"]),
            lines(row["after"]),
        )
        for row in amends["changes"]
    ]
    columns = (("kind", 2.0), ("subject", 2.5), ("before", 3.5), ("after", 3.5))
    return [*made, *note(amends["note"]), *table(words, None, columns, rows)]


def _closing(model: Model) -> list[Block]:
    """Further tests, and the lines to sign on."""
    words, issue = model["words"], model["issue"]
    made = [heading(words["section.further"]), *bullets(model["further"], "small")]
    lines_to_sign = [{"name": row["name"], "text": row["text"] or ""} for row in issue["sign_off"]]
    return [
        *made,
        heading(words["section.sign_off"]),
        {"block": "sign_off", "state": issue["state_words"], "entries": lines_to_sign},
    ]


def _not_assessed(model: Model) -> list[Block]:
    words, told = model["words"], model["not_assessed"]
    parts = (
        ("withheld", [[strong(r["scope_words"]), plain(r["reason"])] for r in told["withheld"]]),
        ("not_assessed_genes", [[strong(r["gene"]), plain(r["summary"])] for r in told["genes"]]),
        ("not_called", [[strong(r["gene"]), plain(r["reason"])] for r in told["not_called"]]),
        ("steps", [[plain(r["reason"])] for r in told["steps"]]),
    )
    columns: list[list[Block]] = [[], []]
    for place, (caption, entries) in enumerate(parts):
        if entries:
            column = columns[place // 2]
            column += [heading(words[f"caption.{caption}"], 3), *bullets(entries, "small")]
            column += note(told["intro"] if caption == "not_assessed_genes" else None)
    panel = {"block": "panel", "columns": [column for column in columns if column]}
    return [heading(words["section.not_assessed"]), panel]


def _quality(model: Model) -> list[Block]:
    words, told = model["words"], model["quality"]
    made = [heading(words["section.quality"])]
    made += facts([(row["name"], lines(row["value"])) for row in told["facts"]])
    for kind in ("checks", "genes"):
        made += table(
            words,
            f"quality_{kind}",
            (("check", 3), ("checked", 2), ("status", 1.5), ("reason", 5)),
            [
                (
                    lines(strong(row["name"])),
                    lines(row["level_words"]),
                    lines(badge(row["status"], row["status_words"])),
                    lines(row["reason"]),
                )
                for row in told[kind]
            ],
        )
    return made + table(
        words,
        "quality_metrics",
        (
            ("metric", 4),
            ("#value", 2),
            ("unit", 2),
            ("status", 1.5),
            ("threshold", 3),
            ("reason", 3),
        ),
        [
            (
                lines(code(row["metric"])),
                lines(row["value"]),
                lines(row["unit"]),
                lines(badge(row["status"] or "plain", row["status_words"])),
                lines(row["threshold"]),
                lines(row["reason"]),
            )
            for row in told["metrics"]
        ],
    )


def _fates(model: Model) -> list[Block]:
    words, told = model["words"], model["fates"]
    made = [heading(words["section.fates"])]
    made += table(
        words,
        None,
        (("fate", 2), ("reason", 6), ("#records", 1.5)),
        [
            (lines(strong(row["fate_words"])), lines(row["reason"]), lines(row["records"]))
            for row in told["counts"]
        ],
    )
    for kind, intro in (("failed", told["failed_note"]), ("marked", None)):
        if told[kind]:
            rows = [_listed_variant(words, row) for row in told[kind]]
            made += [heading(words[f"section.{kind}_variants"], 3), *note(intro)]
            made += table(words, None, _LISTED_VARIANTS, rows)
    return made


def _listed_variant(words: Mapping[str, str], row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        lines(code(row["position"]), muted(row["rsid"])),
        lines(row["gene"]),
        lines([code(row["ref"]), plain(">"), code(row["alt"])], code(row["genotype"])),
        lines(
            labelled(words, "depth", row["depth"]),
            labelled(words, "vaf", row["vaf"]),
            labelled(words, "gq", row["gq"]),
        ),
        lines(row["fate_words"], labelled(words, "filters", row["filters"])),
        lines(row["reason"]),
    )


def _limitations(model: Model) -> list[Block]:
    title = heading(model["words"]["section.limitations"])
    return [title, *bullets(model["limitations"], "small")]


def _methods(model: Model) -> list[Block]:
    return [heading(model["words"]["section.methods"]), *bullets(model["methods"], "small")]


def _provenance(model: Model) -> list[Block]:
    words, told, head = model["words"], model["provenance"], model["identity"]
    digests = ("knowledge_digest", "input_sha256")
    made = [heading(words["section.provenance"])]
    made += facts([(words[f"field.{name}"], lines(code(head[name]))) for name in digests])
    made += facts([(words["field.sample_in_file"], lines(head["sample_in_file"]))])
    made += table(
        words,
        "steps_done",
        (("step", 3), ("status", 2), ("reason", 6)),
        [
            (
                lines(code(row["step"])),
                lines(row["status_words"]),
                lines(row["reason"], *row["notes"]),
            )
            for row in told["steps"]
        ],
    )
    made += table(
        words,
        "settings",
        (("setting", 3), ("value", 2)),
        [(lines(code(row["name"])), lines(row["value"])) for row in told["settings"]],
    )
    return made + table(
        words,
        "sources",
        (("name", 3), ("version", 2), ("released", 1.5), ("licence", 2), ("attribution", 4)),
        [
            (
                lines(link(row["link"], row["name"])),
                lines(row["version"]),
                lines(row["released"]),
                lines(row["licence"]),
                lines(row["attribution"]),
            )
            for row in told["sources"]
        ],
    )


def _trace(model: Model) -> list[Block]:
    words = model["words"]
    made = [heading(words["section.trace"]), *note(words["trace.intro"])]
    for entry in model["trace"]:
        made.append(heading(entry["gene"], 3))
        steps = [[code(line["step"]), plain(line["text"])] for line in entry["lines"]]
        made += bullets(steps, "small")
    return made


def _references(model: Model) -> list[Block]:
    words = model["words"]
    entries = [
        [
            muted(words[f"reference.{row['kind']}"]),
            link(row["link"], row["name"]),
            plain(row["detail"]),
            code(row["link"]),
        ]
        for row in model["references"]
    ]
    return [heading(words["section.references"]), *bullets(entries, "small")]


SECTIONS: Mapping[str, Callable[[Model], list[Block]]] = {
    **pages_medicines.SECTIONS,
    **pages_germline.SECTIONS,
    **pages_tumor.SECTIONS,
    **pages_evidence.SECTIONS,
    **pages_risk.SECTIONS,
    "not_assessed": _not_assessed,
    "quality": _quality,
    "fates": _fates,
    "trace": _trace,
    "limitations": _limitations,
    "methods": _methods,
    "provenance": _provenance,
    "references": _references,
}
"""What to do, and the sections of the outline, by name."""
