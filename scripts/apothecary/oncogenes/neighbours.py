"""Substitutions in one codon that lie on one molecule are one change, and are joined.

Callers list them apart, and each by itself names an amino acid that is not made. Pairs of changes
that evidence asks for together are told whether they are in cis or in trans as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from apothecary.oncogenes import phase, profiles, proteins
from apothecary.oncogenes.findings import by_locus
from apothecary.oncogenes.gene_models import Reference
from apothecary.oncogenes.names import Locus
from apothecary.oncogenes.phase import Phase

REACH = 1_000
"""Bases between two variants of a pair up to which a fragment may show both; our own choice."""

_ONE_FOR_ONE = frozenset({proteins.SUBSTITUTION, proteins.SYNONYMOUS, proteins.NONSENSE})
Row = Mapping[str, Any]
PhaseOf = Callable[[Row, Row], Phase]


@dataclass(frozen=True)
class Pair:
    """Two variants of a sample in one transcript.

    Attributes:
        first: Row of the table `variants` with the smaller position.
        second: The other row.
        names: Their rows of the table `consequences`, in the same order.
        codon: The codon that both change; None for a pair that evidence asks for.
    """

    first: Row
    second: Row
    names: tuple[Row, Row]
    codon: int | None


def pairs_asked(profile_names: Iterable[str]) -> frozenset[tuple[str, str, str]]:
    """Gene and two changes (T790M, C797S) of one gene that a profile joins by AND.

    Args:
        profile_names: Names of molecular profiles.
    """
    found: set[tuple[str, str, str]] = set()
    for name in profile_names:
        profile = profiles.parse(name)
        if not isinstance(profile, profiles.Joined) or profile.operator != "AND":
            continue
        exact = [
            (one.gene, change.one_letter())
            for one in profile.operands
            if isinstance(one, profiles.Component) and one.kind == profiles.PROTEIN
            for change in one.changes
        ]
        for (gene, one), (other_gene, other) in combinations(sorted(exact), 2):
            if gene == other_gene and one != other:
                found.add((gene, one, other))
    return frozenset(found)


def pairs(
    variants_rows: Iterable[Row],
    consequences_rows: Iterable[Row],
    asked: frozenset[tuple[str, str, str]],
) -> list[Pair]:
    """Pairs of kept substitutions of one sample in one codon, and pairs that are asked for.

    Args:
        variants_rows: Rows of the table `variants` of one sample.
        consequences_rows: Rows of the table `consequences`.
        asked: See `pairs_asked`.

    Returns:
        The pairs by place, in MANE Select transcripts, and in others where a gene has none.
    """
    consequences = by_locus(consequences_rows)
    changes: dict[str, list[tuple[Row, Row, proteins.ProteinChange]]] = {}
    for variant in variants_rows:
        if variant["fate"] != "kept" or not _substitution(variant):
            continue
        for row in _preferred(consequences.get(_locus(variant), ())):
            change = proteins.parse(row["protein_change"] or "")
            if change and (change.kind in _ONE_FOR_ONE or change.length_change == 0):
                changes.setdefault(row["transcript"] or row["gene"], []).append(
                    (variant, row, change)
                )
    found: list[Pair] = []
    for of_transcript in changes.values():
        of_transcript.sort(key=lambda item: (item[0]["pos"], item[0]["alt"]))
        for one, other in combinations(of_transcript, 2):
            pair = _pair(one, other, asked)
            if pair:
                found.append(pair)
    return sorted(found, key=lambda p: (_id(p.first), _id(p.second)))


def _pair(
    one: tuple[Row, Row, proteins.ProteinChange],
    other: tuple[Row, Row, proteins.ProteinChange],
    asked: frozenset[tuple[str, str, str]],
) -> Pair | None:
    (first, first_name, change), (second, second_name, other_change) = one, other
    if first["pos"] + len(first["ref"]) > second["pos"]:
        return None  # at one place: never of one molecule
    names = (first_name, second_name)
    if change.start <= other_change.end and other_change.start <= change.end:
        return Pair(first, second, names, max(change.start, other_change.start))
    both = sorted((change.one_letter(), other_change.one_letter()))
    near = second["pos"] - first["pos"] <= REACH
    if near and (first_name["gene"], both[0], both[1]) in asked:
        return Pair(first, second, names, None)
    return None


def _substitution(variant: Row) -> bool:
    ref, alt = variant["ref"], variant["alt"]
    return len(ref) == len(alt) and variant["allele_index"] > 0 and set(ref + alt) <= set("ACGT")


def _preferred(rows: Sequence[Row]) -> list[Row]:
    mane = {row["gene"] for row in rows if row["mane"]}
    return [row for row in rows if row["gene"] and (row["mane"] or row["gene"] not in mane)]


def _locus(row: Row) -> Locus:
    return row["build"], row["chrom"], row["pos"], row["ref"], row["alt"]


def _id(row: Row) -> str:
    return f"{row['chrom']}:{row['pos']}:{row['ref']}:{row['alt']}"


def assess(
    found: Sequence[Pair], phase_of: PhaseOf, reference: Reference | None
) -> list[dict[str, Any]]:
    """Tell the phase of pairs, and join those of one codon that are in cis.

    Args:
        found: Pairs of one sample; see `pairs`.
        phase_of: Gives the phase of two rows of the table `variants`.
        reference: Bases between two variants; None where none is at hand.

    Returns:
        Rows of the table `neighbours`. Rows of one joined change bear the same `joined`.
    """
    told = [(pair, phase_of(pair.first, pair.second)) for pair in found]
    apart = [pair for pair, known in told if known.value == phase.TRANS]
    groups = _groups([pair for pair, known in told if known.value == phase.CIS and pair.codon])
    for pair in apart:  # two that are in cis with a third, but not with each other
        if pair.second in groups.get(_id(pair.first), ()):
            groups = {n: g for n, g in groups.items() if pair.first not in g}
    rows = []
    for pair, known in told:
        members = groups.get(_id(pair.first), ())
        in_group = pair.codon and known.value == phase.CIS and pair.second in members
        joined = _joined(members, reference) if in_group else None
        rows.append(_row(pair, known, joined))
    return rows


def _groups(in_cis: Sequence[Pair]) -> dict[str, list[Row]]:
    """The variants that are joined with each variant, by place, itself among them."""
    groups: dict[str, list[Row]] = {}
    for pair in in_cis:
        merged: dict[str, Row] = {}
        for variant in (pair.first, pair.second):
            for member in groups.get(_id(variant), [variant]):
                merged[_id(member)] = member
        ordered = sorted(merged.values(), key=lambda v: v["pos"])
        for name in merged:
            groups[name] = ordered
    return groups


def _joined(members: Sequence[Row], reference: Reference | None) -> Locus | None:
    """The change that variants make together; None when bases between them are not known."""
    first = members[0]
    ref = alt = ""
    for variant in members:
        at = first["pos"] + len(ref)
        gap = variant["pos"] - at
        between = reference.bases(first["chrom"], at, at + gap - 1) if reference and gap else ""
        if gap < 0 or len(between) != gap:
            return None
        ref, alt = ref + between + variant["ref"], alt + between + variant["alt"]
    return first["build"], first["chrom"], first["pos"], ref, alt


def _row(pair: Pair, known: Phase, joined: Locus | None) -> dict[str, Any]:
    reason = known.reason
    if pair.codon and known.value == phase.CIS and joined is None:
        reason = f"{reason}; not joined: the bases between them are not known"
    return {
        "sample_id": pair.first["sample_id"],
        "first": _id(pair.first),
        "second": _id(pair.second),
        "gene": pair.names[0]["gene"],
        "transcript": pair.names[0]["transcript"],
        "codon": pair.codon,
        "first_change": pair.names[0]["protein_change"],
        "second_change": pair.names[1]["protein_change"],
        "phase": known.value,
        "phase_source": known.source,
        "fragments_both": known.both,
        "fragments_first": known.first,
        "fragments_second": known.second,
        "build": pair.first["build"],
        "joined": ":".join(map(str, joined[1:])) if joined else None,
        "joined_change": None,
        "reason": reason,
    }


def joined_variants(
    variants_rows: Iterable[Row], neighbours_rows: Iterable[Row]
) -> list[dict[str, Any]]:
    """Rows of the table `variants` for the changes that are joined.

    Args:
        variants_rows: Rows of the table `variants` of one sample.
        neighbours_rows: Rows of the table `neighbours` of the same sample.

    Returns:
        One row a change; its fraction, depth and reads are the smallest of its members.
    """
    by_id = {_id(v): v for v in variants_rows if v["fate"] == "kept"}
    made: dict[str, dict[str, Any]] = {}
    for joined, names in members(neighbours_rows).items():
        rows = [by_id[name] for name in names if name in by_id]
        if not rows:
            continue
        chrom, pos, ref, alt = joined.split(":")
        made[joined] = {
            **rows[0],
            "chrom": chrom,
            "pos": int(pos),
            "ref": ref,
            "alt": alt,
            "vaf": _least(rows, "vaf"),
            "depth": _least(rows, "depth"),
            "alt_depth": _least(rows, "alt_depth"),
            "population_af": None,
            "annotation": None,
            "flanks": None,
            "rsid": None,
        }
    return list(made.values())


def members(neighbours_rows: Iterable[Row]) -> dict[str, list[str]]:
    """The variants that each joined change is made of."""
    found: dict[str, list[str]] = {}
    for row in neighbours_rows:
        if row["joined"]:
            of = found.setdefault(row["joined"], [])
            of += [row[end] for end in ("first", "second") if row[end] not in of]
    return found


def applied(variants_rows: Iterable[Row], neighbours_rows: Iterable[Row]) -> list[Row]:
    """Variants of one sample with joined changes in place of what they are made of."""
    variants, neighbours = list(variants_rows), list(neighbours_rows)
    gone = {name for names in members(neighbours).values() for name in names}
    left: list[Row] = [v for v in variants if v["fate"] != "kept" or _id(v) not in gone]
    return left + list(joined_variants(variants, neighbours))


def held(variants_rows: Iterable[Row], neighbours_rows: Iterable[Row]) -> list[Row]:
    """Rows of `neighbours` whose whole joined change another sample of the person has as well.

    What is on one molecule in the tumor is on one molecule in the normal that it came from.

    Args:
        variants_rows: Rows of the table `variants` of the other sample.
        neighbours_rows: Rows of the table `neighbours` of the tumor.
    """
    rows = list(neighbours_rows)
    kept = {_id(v) for v in variants_rows if v["fate"] == "kept"}
    whole = {joined for joined, names in members(rows).items() if kept.issuperset(names)}
    return [row for row in rows if row["joined"] in whole]


def _least(rows: Sequence[Row], column: str) -> Any:
    return min((row[column] for row in rows if row.get(column) is not None), default=None)


def named(neighbours_rows: Iterable[Row], consequences_rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows with the protein change of what was joined; what nothing names stays apart.

    Args:
        neighbours_rows: Rows of the table `neighbours`.
        consequences_rows: Rows of the table `consequences`, those of joined changes among them.
    """
    changes: dict[str, list[Row]] = {}
    for row in consequences_rows:
        if row["protein_change"]:
            changes.setdefault(_id(row), []).append(row)
    rows = []
    for row in neighbours_rows:
        if not row["joined"]:
            rows.append(dict(row))
            continue
        names = changes.get(row["joined"], [])
        of = [n for n in names if n["transcript"] == row["transcript"]] or names
        if of:
            rows.append({**row, "joined_change": of[0]["protein_change"]})
        else:
            reason = f"{row['reason']}; not joined: nothing names the change that they make"
            rows.append({**row, "joined": None, "reason": reason})
    return rows
