"""What a run needs for the germline variants of genes that persons agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.germline.names import (
    GERMLINE_FILES,
    GERMLINE_TABLES,
    SCORE_FILES,
    SCORE_TABLES,
)
from apothecary.planning.tumors import TumorsPlan


@dataclass(frozen=True)
class GermlinePlan(TumorsPlan):
    """A run with the means by which germline variants are classified."""

    @property
    def germline_tables(self) -> dict[str, str]:
        """The tables of the classification, by what each holds."""
        own = {name: self._resource(f"{name}.tsv", "germline") for name in GERMLINE_TABLES}
        scores = {name: self._resource(f"{name}.tsv", "oncogenicity") for name in SCORE_TABLES}
        return {**own, **scores}

    def germline_files(self, wildcards: Mapping[str, str]) -> list[str]:
        """The user's files that germline variants are classified by.

        Args:
            wildcards: Not looked at; see `reference_files`.
        """
        named = [self.config["germline"][key] for key in GERMLINE_FILES]
        named += [self.config["oncogenicity"][key] for key in SCORE_FILES]
        return [path for path in named if path]

    @property
    def germline_config(self) -> dict[str, Any]:
        """The part of the configuration that germline variants are classified by."""
        keys = ("germline", "oncogenicity", "reference")
        parts = {key: self.config[key] for key in keys}
        return {**parts, "calling": {"chain": self.config["calling"]["chain"]}}
