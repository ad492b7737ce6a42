"""Protein changes: read in every spelling that sources use, compared, and written in two.

Sources spell one change in many ways (p.Val600Glu, V600E, E746_T751>I, P968FS, 600_600D>DSS).
They are read into one record; what two records have in common is decided on the record.
HGVS is written as the nomenclature asks (https://hgvs-nomenclature.org, protein).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SUBSTITUTION = "substitution"
SYNONYMOUS = "synonymous"
NONSENSE = "nonsense"
FRAMESHIFT = "frameshift"
DELETION = "deletion"
INSERTION = "insertion"
DUPLICATION = "duplication"
DELINS = "delins"
START_LOST = "start_lost"
STOP_LOST = "stop_lost"
SPLICE = "splice"

THREE_LETTER: Mapping[str, str] = {
    "A": "Ala",
    "C": "Cys",
    "D": "Asp",
    "E": "Glu",
    "F": "Phe",
    "G": "Gly",
    "H": "His",
    "I": "Ile",
    "K": "Lys",
    "L": "Leu",
    "M": "Met",
    "N": "Asn",
    "P": "Pro",
    "Q": "Gln",
    "R": "Arg",
    "S": "Ser",
    "T": "Thr",
    "U": "Sec",
    "V": "Val",
    "W": "Trp",
    "Y": "Tyr",
    "*": "Ter",
}
_ONE_LETTER = {three.upper(): one for one, three in THREE_LETTER.items()}
_THREE = re.compile(
    "|".join(three for three in THREE_LETTER.values() if three != "Ter") + r"|Ter(?!m)"
)
_RESIDUES = "".join(one for one in THREE_LETTER if one != "*")
_AA = f"[{_RESIDUES}*]"


@dataclass(frozen=True)
class ProteinChange:
    """One change of a protein.

    Attributes:
        kind: One of the constants of this module.
        start: 1-based first residue that is named.
        end: 1-based last residue that is named; equal to `start` for one residue.
        ref: First residue, one letter; empty when the source leaves it out.
        ref_end: Last residue, one letter; empty when the source leaves it out.
        alt: New residues, one letter each; empty when none or not given.
        stop_in: Residues to the new stop of a frameshift, counted as HGVS does; None if not given.
        removed: All residues taken away, where the source spells them.
    """

    kind: str
    start: int
    end: int
    ref: str = ""
    ref_end: str = ""
    alt: str = ""
    stop_in: int | None = None
    removed: str = ""

    @property
    def length_change(self) -> int | None:
        """Residues gained (positive) or lost (negative); None when the change does not tell."""
        span = self.end - self.start + 1
        if self.kind == DELETION:
            return -span
        if self.kind == DUPLICATION:
            return span
        if self.kind == INSERTION:
            return len(self.alt) or None
        if self.kind == DELINS:
            return len(self.alt) - span if self.alt else None
        return 0 if self.kind in (SUBSTITUTION, SYNONYMOUS) else None

    def one_letter(self) -> str:
        """The change as V600E, without p."""
        return _written(self, lambda residues: residues, "*")

    def three_letter(self) -> str:
        """The change as p.Val600Glu."""
        text = _written(
            self, lambda residues: "".join(THREE_LETTER.get(r, "Xaa") for r in residues), "Ter"
        )
        return f"p.{text}"


def parse(text: str) -> ProteinChange | None:
    """Read a protein change.

    Args:
        text: One-letter or three-letter spelling, with or without `p.`, brackets and accession.

    Returns:
        The change, or None when the text is not a protein change.
    """
    core = text.strip().rsplit(":", 1)[-1].strip()
    core = core.replace("%3D", "=")
    if core.startswith("p."):
        core = core[2:]
    core = core.strip("()[] ")
    if not core or len(core) > 2000:
        return None
    core = _THREE.sub(lambda match: _ONE_LETTER[match.group().upper()], core)
    for pattern, build in _SHAPES:
        match = pattern.fullmatch(core)
        if match:
            return build(match)
    return None


def same(one: ProteinChange, other: ProteinChange) -> bool:
    """Whether two changes are one, allowing for what either leaves unsaid.

    A frameshift is known by its first changed residue. A duplication and the insertion of the
    same residues behind it are one change. A residue that a source leaves out fits any.
    """
    if one.kind != other.kind:
        return _duplicates(one, other) or _duplicates(other, one)
    if (one.start, one.end) != (other.start, other.end):
        return False
    if not (_fits(one.ref, other.ref) and _fits(one.ref_end, other.ref_end)):
        return False
    if one.kind in (FRAMESHIFT, START_LOST, STOP_LOST, SPLICE, DELETION, DUPLICATION):
        return one.kind != STOP_LOST or _fits(one.alt, other.alt)
    return one.alt == other.alt


def _fits(one: str, other: str) -> bool:
    return not one or not other or one == other


def _duplicates(duplication: ProteinChange, insertion: ProteinChange) -> bool:
    if duplication.kind != DUPLICATION or insertion.kind != INSERTION:
        return False
    length = duplication.end - duplication.start + 1
    behind = insertion.start in (duplication.end, duplication.start - 1)
    if not behind or len(insertion.alt) != length:
        return False
    if duplication.removed:
        return duplication.removed == insertion.alt
    return _fits(duplication.ref, insertion.alt[:1]) and _fits(
        duplication.ref_end, insertion.alt[-1:]
    )


def _written(change: ProteinChange, spell: Callable[[str], str], stop: str) -> str:
    first = f"{spell(change.ref)}{change.start}"
    last = f"_{spell(change.ref_end)}{change.end}" if change.end != change.start else ""
    if change.kind == SUBSTITUTION:
        return f"{first}{last}{spell(change.alt)}"
    if change.kind == SYNONYMOUS:
        return f"{first}{last}="
    if change.kind == NONSENSE:
        return f"{first}{stop}"
    if change.kind == START_LOST:
        return f"{first}?"
    if change.kind == SPLICE:
        return f"{spell(change.ref) or 'X'}{change.start}_splice"
    if change.kind == FRAMESHIFT:
        tail = f"{stop}{change.stop_in}" if change.stop_in is not None else ""
        return f"{first}{spell(change.alt)}fs{tail}"
    if change.kind == STOP_LOST:
        tail = f"{stop}{change.stop_in}" if change.stop_in is not None else f"{stop}?"
        return f"{first}{spell(change.alt)}ext{tail}"
    verb = {DELETION: "del", DUPLICATION: "dup", INSERTION: "ins", DELINS: "delins"}[change.kind]
    return f"{first}{last}{verb}{spell(change.alt)}"


def _substitution(match: re.Match[str]) -> ProteinChange:
    ref, pos, alt = match["ref"], int(match["pos"]), match["alt"]
    if alt in ("=", ref):
        return ProteinChange(SYNONYMOUS, pos, pos, ref, ref)
    if ref == "*":
        return ProteinChange(STOP_LOST, pos, pos, ref, ref, alt)
    if alt in ("*", "X"):
        return ProteinChange(NONSENSE, pos, pos, ref, ref)
    return ProteinChange(SUBSTITUTION, pos, pos, ref, ref, alt)


def _frameshift(match: re.Match[str]) -> ProteinChange:
    ref, pos = match["ref"].strip("-"), int(match["pos"])
    stop = match["stop"]
    alt = match["alt"] or ""
    return ProteinChange(
        FRAMESHIFT, pos, pos, ref[:1], ref[:1], alt, int(stop) if stop and stop != "?" else None
    )


def _edit(match: re.Match[str]) -> ProteinChange:
    """Deletion, duplication, insertion or both, with one or two residues named."""
    ref, start = match["ref"] or "", int(match["pos"])
    ref_end, end = match["ref_end"] or "", int(match["end"] or match["pos"])
    if match["end"] is None:
        ref_end = ref
    if start > end:
        start, end, ref, ref_end = end, start, ref_end, ref
    verb, alt = match["verb"].lower(), match["alt"] or ""
    if verb == "del":
        return ProteinChange(DELETION, start, end, ref, ref_end, removed=alt)
    if verb == "dup":
        return ProteinChange(DUPLICATION, start, end, ref, ref_end, removed=alt)
    if verb == "ins":
        return ProteinChange(INSERTION, start, end, ref, ref_end, alt)
    return ProteinChange(DELINS, start, end, ref, ref_end, alt)


def _replaced(match: re.Match[str]) -> ProteinChange:
    """600_600D>DSS and 12GG>G: residues and what stands for them, trimmed to what changes."""
    return from_residues(int(match["pos"]), match["ref"], match["alt"])


def _removed(match: re.Match[str]) -> ProteinChange:
    """FREYEYD594del: all residues spelled, then the first position."""
    return from_residues(int(match["pos"]), match["ref"], "")


def from_residues(start: int, ref: str, alt: str) -> ProteinChange:
    """The change from residues and what replaces them, in frame.

    Equal residues at both ends are left out, the left end first, so that an insertion or a
    deletion in a repeat is placed as far as possible to the C-terminus, as HGVS asks.

    Args:
        start: 1-based position of the first residue of `ref`.
        ref: Residues of the reference, one letter each, at least one.
        alt: Residues that replace them; may be empty.
    """
    if ref == alt:
        return ProteinChange(SYNONYMOUS, start, start, ref[0], ref[0])
    left = 0
    while left < min(len(ref), len(alt)) and ref[left] == alt[left]:
        left += 1
    right = 0
    while right < min(len(ref), len(alt)) - left and ref[-1 - right] == alt[-1 - right]:
        right += 1
    gone, new = ref[left : len(ref) - right], alt[left : len(alt) - right]
    first = start + left
    if gone and new.startswith("*"):
        return ProteinChange(NONSENSE, first, first, gone[0], gone[0])
    if len(gone) == 1 and len(new) == 1:
        kind = STOP_LOST if gone == "*" else SUBSTITUTION
        return ProteinChange(kind, first, first, gone, gone, new)
    if not gone:
        before = ref[left - 1] if left else ""
        after = ref[left] if left < len(ref) else ""
        if left >= len(new) and ref[left - len(new) : left] == new:
            return ProteinChange(
                DUPLICATION, first - len(new), first - 1, new[0], new[-1], removed=new
            )
        return ProteinChange(INSERTION, first - 1, first, before, after, new)
    last = first + len(gone) - 1
    if not new:
        return ProteinChange(DELETION, first, last, gone[0], gone[-1], removed=gone)
    return ProteinChange(DELINS, first, last, gone[0], gone[-1], new)


_Builder = Callable[[re.Match[str]], ProteinChange]
_SHAPES: tuple[tuple[re.Pattern[str], _Builder], ...] = (
    (re.compile(rf"(?P<ref>{_AA})(?P<pos>\d+)(?P<alt>[{_RESIDUES}X*=])"), _substitution),
    (
        re.compile(
            rf"(?P<ref>-|{_AA}*)(?P<pos>\d+)(?P<alt>{_AA})?[fF][sS]"
            r"(?:(?:[*X]|Ter|TER)(?P<stop>\d+|\?))?(?P<rest>)"
        ),
        _frameshift,
    ),
    # Before the next: the letters of INS are residues too.
    (
        re.compile(
            rf"(?P<ref>{_AA})?(?P<pos>\d+)(?:_(?P<ref_end>{_AA})?(?P<end>\d+))?"
            rf"(?P<verb>delins|DELINS|del{_AA}+ins|>)(?P<alt>[{_RESIDUES}X*]+)"
        ),
        _edit,
    ),
    (
        re.compile(
            rf"(?P<ref>{_AA})?(?P<pos>\d+)(?:_(?P<ref_end>{_AA})?(?P<end>\d+))?"
            rf"(?P<verb>del|dup|ins|DEL|DUP|INS)(?P<alt>[{_RESIDUES}X*]*)"
        ),
        _edit,
    ),
    (re.compile(rf"(?P<pos>\d+)(?:_\d+)?(?P<ref>{_AA}+)>(?P<alt>{_AA}+)"), _replaced),
    (re.compile(rf"(?P<ref>{_AA}{{2,}})(?P<pos>\d+)(?:del|DEL)"), _removed),
    (
        re.compile(r"(?P<ref>M)(?P<pos>1)\?"),
        lambda match: ProteinChange(START_LOST, 1, 1, match["ref"], match["ref"]),
    ),
    (
        re.compile(
            rf"(?P<ref>\*)(?P<pos>\d+)(?P<alt>[{_RESIDUES}])?ext(?:[*X]|Ter)?(?P<stop>\d+|\?)?"
        ),
        lambda match: ProteinChange(
            STOP_LOST,
            int(match["pos"]),
            int(match["pos"]),
            "*",
            "*",
            match["alt"] or "",
            int(match["stop"]) if match["stop"] and match["stop"] != "?" else None,
        ),
    ),
    (
        re.compile(rf"(?P<ref>[{_RESIDUES}X])(?P<pos>\d+)_[sS]plice"),
        lambda match: ProteinChange(
            SPLICE,
            int(match["pos"]),
            int(match["pos"]),
            match["ref"].replace("X", ""),
            match["ref"].replace("X", ""),
        ),
    ),
)
