"""Whether a premature stop is expected to have its messenger degraded (NMD), and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apothecary.oncogenes import proteins
from apothecary.oncogenes.edits import Edit
from apothecary.oncogenes.messengers import Messenger
from apothecary.oncogenes.proteins import ProteinChange

COLUMNS = ("rule", "bases", "source")
TRIGGERS = "triggers"
ESCAPES = "escapes"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rules:
    """Bases of the rules by which a premature stop escapes.

    Attributes:
        last_junction: From the stop to the last junction of exons, up to which it escapes.
        coding_start: From the start codon to the stop, up to which it escapes.
    """

    last_junction: int
    coding_start: int


@dataclass(frozen=True)
class Decay:
    """A prediction: triggers, escapes or unknown, and why."""

    prediction: str
    reason: str


def rules_of(rows: list[dict[str, str]]) -> Rules:
    """Rules from the rows of `resources/consequences/nmd_rules.tsv`."""
    bases: Mapping[str, int] = {row["rule"]: int(row["bases"]) for row in rows}
    return Rules(bases["last_junction"], bases["coding_start"])


def predict(of: Messenger, edit: Edit, change: ProteinChange | None, rules: Rules) -> Decay | None:
    """Predict the fate of the messenger.

    Args:
        of: The transcript.
        edit: The variant.
        change: What it does to the protein.
        rules: When a stop escapes.

    Returns:
        The prediction; None when the variant makes no premature stop.
    """
    if change is None or of.coding_start is None:
        return None
    residue = _stop_residue(change)
    if residue is None:
        if change.kind == proteins.FRAMESHIFT:
            return Decay(UNKNOWN, "the new stop lies behind what is known of the transcript")
        return None
    gained = len(edit.added) - len(edit.removed)
    stop = of.coding_start + (residue - 1) * 3  # of the altered messenger
    if len(of.starts) == 1:
        return Decay(ESCAPES, "the transcript has one exon")
    junction = of.starts[-1] + gained
    if stop >= junction:
        return Decay(ESCAPES, "the new stop is in the last exon")
    before = junction - (stop + 3)
    if before <= rules.last_junction:
        return Decay(
            ESCAPES,
            f"the new stop is {max(before, 0)} bases before the last junction of exons, "
            f"not more than {rules.last_junction}",
        )
    coding = (residue - 1) * 3
    if coding < rules.coding_start:
        return Decay(ESCAPES, f"the new stop is within the first {rules.coding_start} coding bases")
    return Decay(TRIGGERS, f"the new stop is {before} bases before the last junction of exons")


def _stop_residue(change: ProteinChange) -> int | None:
    """1-based residue of the altered protein where the new stop is."""
    if change.kind == proteins.NONSENSE:
        return change.start
    if change.kind == proteins.FRAMESHIFT:
        return change.start + change.stop_in - 1 if change.stop_in else None
    if change.alt.endswith("*"):
        first = change.start + 1 if change.kind == proteins.INSERTION else change.start
        return first + len(change.alt) - 1
    return None
