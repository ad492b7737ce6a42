"""VEP's CSQ entries of a variant, read into consequences."""

from __future__ import annotations

from collections.abc import Mapping

from apothecary.oncogenes import proteins
from apothecary.oncogenes.names import Named
from apothecary.oncogenes.proteins import ProteinChange


def read(entry: Mapping[str, str]) -> Named | None:
    """Read one entry.

    Args:
        entry: Fields of the entry by the names of the header's Format.

    Returns:
        The consequence; None when the entry is for no transcript (a regulatory feature).
    """
    kind = entry.get("Feature_type", "")
    if kind and kind != "Transcript":
        return None
    change = proteins.parse(entry.get("HGVSp", "")) or _from_residues(entry)
    mane = entry.get("MANE_SELECT")
    if mane is None and entry.get("MANE"):
        mane = entry["MANE"] if "MANE_Select" in entry["MANE"] else ""
    return Named(
        transcript=entry.get("Feature", ""),
        gene=entry.get("SYMBOL") or None,
        consequence=entry.get("Consequence") or None,
        hgvs_c=_bare(entry.get("HGVSc", "")),
        change=change,
        exon=entry.get("EXON") or None,
        mane=bool(mane) if mane is not None else None,
    )


def _from_residues(entry: Mapping[str, str]) -> ProteinChange | None:
    """The change from Protein_position 600 and Amino_acids V/E, where VEP ran without HGVS."""
    position = entry.get("Protein_position", "").split("/")[0].split("-")[0]
    old, _, new = entry.get("Amino_acids", "").partition("/")
    terms = entry.get("Consequence", "")
    if not position.isdigit() or not old or old == "-":
        return None
    if "frameshift" in terms:
        return ProteinChange(
            proteins.FRAMESHIFT, int(position), int(position), old[0].strip("X"), old[0].strip("X")
        )
    if "X" in old or "X" in new:
        return None
    return proteins.from_residues(int(position), old, (new or old).replace("-", ""))


def _bare(name: str) -> str | None:
    return name.rsplit(":", 1)[-1].replace("%3D", "=") or None
