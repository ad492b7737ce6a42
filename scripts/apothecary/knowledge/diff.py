"""What differs between two knowledge packs, in clinical words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.knowledge.pack import Pack

Row = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Change:
    """One difference.

    Attributes:
        area: What kind of knowledge: genes, positions, alleles, phenotypes, guidance, evidence,
            known variants, hotspots, exons, germline genes, frequency rules, gene roles, tumor
            types, diseases, sources.
        subject: What it is about, such as `CYP2C19 *2` or `clopidogrel (CPIC)`.
        what: added, removed or changed.
        field: What changed; empty for added and removed.
        before: The earlier value as text; empty when added.
        after: The later value as text; empty when removed.
    """

    area: str
    subject: str
    what: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class _Comparison:
    """How a table is compared: rows with the same name are the same thing."""

    area: str
    table: str
    name: Callable[[Row], str]
    fields: Mapping[str, str]


_COMPARISONS = (
    _Comparison(
        "genes",
        "pgx_genes",
        lambda row: str(row["gene"]),
        {"kind": "kind of call", "reference_allele": "reference allele"},
    ),
    _Comparison(
        "positions",
        "pgx_positions",
        lambda row: f"{row['gene']} {row['position_id']}",
        {
            "alts": "alternate bases",
            "role": "role",
            "pos_grch37": "GRCh37 position",
            "ref_grch37": "GRCh37 reference",
        },
    ),
    _Comparison(
        "alleles",
        "pgx_alleles",
        lambda row: f"{row['gene']} {row['allele']}",
        {
            "defined": "has a definition",
            "reference": "reference allele",
            "function": "function",
            "activity_value": "activity value",
        },
    ),
    _Comparison(
        "phenotypes",
        "pgx_phenotype_rules",
        lambda row: f"{row['gene']} {row['key_1']} / {row['key_2']}",
        {"phenotype": "phenotype", "activity_score": "activity score", "lookup_key": "lookup key"},
    ),
    _Comparison(
        "phenotypes",
        "pgx_phenotype_exceptions",
        lambda row: f"{row['gene']} {row['allele_1']}/{row['allele_2']}",
        {"phenotype": "phenotype", "activity_score": "activity score", "lookup_key": "lookup key"},
    ),
    _Comparison(
        "evidence",
        "civic_evidence",
        lambda row: f"{row['evidence_id']} {row['molecular_profile']}",
        {
            "level": "level",
            "significance": "significance",
            "direction": "direction",
            "flagged": "flagged by the editors",
            "disease": "disease",
            "therapies": "therapies",
            "evidence_type": "type",
            "rating": "rating",
        },
    ),
    _Comparison(
        "known variants",
        "known_variants",
        lambda row: (
            f"{row['gene']} {row['protein_change'] or row['name'] or row['hgvs_c'] or ''} "
            f"({row['chrom']}:{row['pos']} {row['ref']}>{row['alt']})"
        ),
        {"hotspot": "hotspot", "consequence": "consequence", "hgvs_c": "coding change"},
    ),
    _Comparison(
        "hotspots",
        "hotspot_residues",
        lambda row: f"{row['gene']} {row['residue']} {row['change']}",
        {"samples": "tumors with it"},
    ),
    _Comparison(
        "germline genes",
        "germline_genes",
        lambda row: f"{row['gene']} ({row['list_id']})",
        {
            "list_version": "list version",
            "condition": "condition",
            "inheritance": "inheritance",
            "report": "what to report",
        },
    ),
    _Comparison(
        "frequency rules",
        "frequency_rules",
        lambda row: f"{row['gene']} {row['code']}",
        {
            "rule_version": "version of the rule",
            "property": "frequency that it is of",
            "above": "lower end",
            "above_included": "lower end included",
            "below": "upper end",
            "below_included": "upper end included",
        },
    ),
    _Comparison(
        "exons",
        "exons",
        lambda row: f"{row['gene']} exon {row['exon']}",
        {"start": "first position", "end": "last position", "transcript": "transcript"},
    ),
    _Comparison("gene roles", "gene_roles", lambda row: f"{row['gene']} {row['role']}", {}),
    _Comparison(
        "tumor types",
        "oncotree",
        lambda row: str(row["code"]),
        {"name": "name", "main_type": "main type", "tissue": "tissue"},
    ),
    _Comparison(
        "descent of tumor types",
        "oncotree_descendants",
        lambda row: f"{row['code']} below {row['ancestor']}",
        {},
    ),
    _Comparison(
        "sources",
        "sources",
        lambda row: str(row["source_id"]),
        {"version": "version", "licence": "licence", "sha256": "files"},
    ),
)


def diff(pack_a: Pack, pack_b: Pack) -> list[Change]:
    """Compare two packs.

    Args:
        pack_a: The earlier pack.
        pack_b: The later pack.

    Returns:
        The changes, sorted; empty when both hold the same facts.

    Raises:
        ResourceError: A table of a pack cannot be read.
    """
    changes: list[Change] = []
    for comparison in _COMPARISONS:
        changes += _compare(
            comparison, pack_a.rows(comparison.table), pack_b.rows(comparison.table)
        )
    changes += _redefined(pack_a, pack_b)
    changes += _grouped("guidance", "recommendation", _guidance(pack_a), _guidance(pack_b))
    changes += _grouped("diseases", "tumor types", _covers(pack_a), _covers(pack_b))
    changes += _words(pack_a, pack_b)
    return sorted(changes)


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return str(value)


def _compare(comparison: _Comparison, before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    old = {comparison.name(row): row for row in before}
    new = {comparison.name(row): row for row in after}
    area = comparison.area
    changes = [Change(area, name, "removed", "", "", "") for name in old if name not in new]
    for name, row in new.items():
        if name not in old:
            changes.append(Change(area, name, "added", "", "", _facts(comparison, row)))
            continue
        changes += [
            Change(area, name, "changed", label, _text(old[name][field]), _text(row[field]))
            for field, label in comparison.fields.items()
            if old[name][field] != row[field]
        ]
    return changes


def _facts(comparison: _Comparison, row: Row) -> str:
    shown = [
        f"{label} {_text(row[field])}"
        for field, label in comparison.fields.items()
        if row[field] not in (None, "", [], False) and field != "sha256"
    ]
    return ", ".join(shown)


def _redefined(pack_a: Pack, pack_b: Pack) -> list[Change]:
    """Alleles of both packs whose defining bases differ."""
    old, new = _definitions(pack_a), _definitions(pack_b)
    return [
        Change(
            "alleles",
            f"{gene} {allele}",
            "changed",
            "definition",
            _bases(old[gene, allele] - new[gene, allele]),
            _bases(new[gene, allele] - old[gene, allele]),
        )
        for gene, allele in sorted(old.keys() & new.keys())
        if old[gene, allele] != new[gene, allele]
    ]


def _definitions(pack: Pack) -> dict[tuple[str, str], set[tuple[str, str]]]:
    found: dict[tuple[str, str], set[tuple[str, str]]] = {
        (row["gene"], row["allele"]): set() for row in pack.rows("pgx_alleles")
    }
    for row in pack.rows("pgx_allele_bases"):
        found[row["gene"], row["allele"]].add((row["position_id"], row["bases"]))
    return found


def _bases(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(f"{position} {bases}" for position, bases in sorted(pairs)) or "none"


def _guidance(pack: Pack) -> dict[str, set[str]]:
    """What each source says on a drug for a lookup and population.

    Upstream identifiers change from release to release, so that recommendations are compared by
    what they are looked up by.
    """
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in pack.rows("guidance_keys"):
        count = "" if row["allele_count"] is None else f" ×{row['allele_count']:g}"
        keys[row["guidance_id"], row["drug"]].append(f"{row['gene']} {row['key']}{count}")
    found: dict[str, set[str]] = defaultdict(set)
    for row in pack.rows("guidance"):
        lookup = ", ".join(sorted(keys[row["guidance_id"], row["drug"]]))
        population = f" [{row['population']}]" if row["population"] else ""
        said = [row["action"].replace("_", " ")]
        said += [row["dose_change"]] if row["dose_change"] else []
        said += [f"strength {row['strength']}"] if row["strength"] else []
        found[f"{row['drug']} ({row['source']}): {lookup}{population}"].add("; ".join(said))
    return found


def _words(pack_a: Pack, pack_b: Pack) -> list[Change]:
    """How many recommendations have their words, which only a user's own pack has."""
    before, after = (
        {(row["guidance_id"], row["drug"]): row["text"] for row in pack.rows("guidance_text")}
        for pack in (pack_a, pack_b)
    )
    reworded = sum(before[key] != after[key] for key in before.keys() & after.keys())
    changes = []
    if len(before) != len(after):
        changes.append(
            Change(
                "guidance",
                "all drugs",
                "changed",
                "recommendations with words",
                str(len(before)),
                str(len(after)),
            )
        )
    if reworded:
        changes.append(
            Change(
                "guidance", "all drugs", "changed", "recommendations reworded", "0", str(reworded)
            )
        )
    return changes


def _covers(pack: Pack) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in pack.rows("diseases"):
        place = row["code"] or row["main_type"] or row["tissue"]
        found[row["name"]].add(f"{row['scope']} {place}".strip())
    return found


def _grouped(
    area: str, field: str, old: Mapping[str, set[str]], new: Mapping[str, set[str]]
) -> list[Change]:
    changes = []
    for subject in sorted(old.keys() | new.keys()):
        before = " or ".join(sorted(old.get(subject, ())))
        after = " or ".join(sorted(new.get(subject, ())))
        if before == after:
            continue
        if not before or not after:
            changes.append(
                Change(area, subject, "removed" if before else "added", "", before, after)
            )
        else:
            changes.append(Change(area, subject, "changed", field, before, after))
    return changes


def render(changes: Iterable[Change]) -> list[str]:
    """Changes as lines of text, an area after the other, each under its count.

    Args:
        changes: What `diff` gave.

    Returns:
        The lines; one that says so when nothing changed.
    """
    by_area: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_area[change.area].append(change)
    if not by_area:
        return ["no difference"]
    lines = []
    for area in sorted(by_area):
        lines.append(f"{area}: {len(by_area[area])}")
        lines += [f"  {_line(change)}" for change in sorted(by_area[area])]
    return lines


def _line(change: Change) -> str:
    if change.what == "changed":
        return f"{change.subject}: {change.field} {change.before} -> {change.after}"
    said = change.after or change.before
    return f"{change.subject}: {change.what}" + (f" ({said})" if said else "")


def rows(changes: Iterable[Change]) -> list[dict[str, str]]:
    """Changes as rows with the columns area, subject, what, field, before, after."""
    return [
        {
            "area": change.area,
            "subject": change.subject,
            "what": change.what,
            "field": change.field,
            "before": change.before,
            "after": change.after,
        }
        for change in sorted(changes)
    ]
