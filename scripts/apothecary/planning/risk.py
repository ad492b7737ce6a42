"""What polygenic scores need: the files that the user installed, and how they are summed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.batch_tables import RISK_TABLES
from apothecary.planning.base import wildcard
from apothecary.planning.germline import GermlinePlan


@dataclass(frozen=True)
class RiskPlan(GermlinePlan):
    """The part of a plan that is of polygenic scores."""

    def score_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The scoring files and the sheet of reference distributions, where they are given.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        risk = self.config["risk"]
        return [*risk["scores"], *(path for path in (risk["references"],) if path)]

    @property
    def risk_config(self) -> dict[str, Any]:
        """The part of the configuration that scores are summed by."""
        parts = {key: self.config[key] for key in ("risk", "variants")}
        reference = {key: self.config["reference"][key] for key in ("fasta", "build")}
        return {**parts, "reference": reference, "folder": self.sheet_folder}

    def risk_tables(self, wildcards: Mapping[str, str]) -> dict[str, str]:
        """The tables of the scores of a batch, by name; none where no score is installed.

        Args:
            wildcards: With the wildcard `batch`.
        """
        batch = wildcard(wildcards, "batch")
        return {name: f"<results>/tables/{batch}/{name}.parquet" for name in self._risk_tables}

    @property
    def batch_tables(self) -> tuple[str, ...]:
        """The tables that every batch has."""
        return (*super().batch_tables, *self._risk_tables)

    @property
    def _risk_tables(self) -> tuple[str, ...]:
        return RISK_TABLES if self.config["risk"]["scores"] else ()
