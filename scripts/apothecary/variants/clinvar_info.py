"""What INFO says of a record by the fields of ClinVar's VCF, as it is or copied into another."""

from __future__ import annotations

from collections.abc import Mapping

SIGNIFICANCE = "CLNSIG"
REVIEW = "CLNREVSTAT"
CONDITIONS = "CLNDN"
FIELDS = (SIGNIFICANCE, REVIEW, CONDITIONS)


def declared(info: Mapping[str, object]) -> tuple[str, ...]:
    """The fields that a header declares; none without the one that tells the significance."""
    return tuple(name for name in FIELDS if name in info) if SIGNIFICANCE in info else ()


def given(values: Mapping[str, str], fields: tuple[str, ...], alts: int) -> str | None:
    """The fields of a record, as they stand in INFO.

    Args:
        values: Values of INFO by field.
        fields: See `declared`.
        alts: Alternate alleles of the record. Of several, the fields do not tell which they are of.

    Returns:
        Such as `CLNSIG=Pathogenic;CLNREVSTAT=reviewed_by_expert_panel`; None for none.
    """
    if alts != 1 or values.get(SIGNIFICANCE, ".") in ("", "."):
        return None
    return ";".join(f"{name}={values[name]}" for name in fields if values.get(name))


def parse(text: str) -> dict[str, str]:
    """Values by field of INFO, or of what `given` makes."""
    return dict(part.partition("=")[::2] for part in text.split(";"))
