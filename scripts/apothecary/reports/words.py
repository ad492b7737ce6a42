"""The catalogue of the words that reports show."""

from __future__ import annotations

from importlib import resources

from apothecary.reports.texts import Texts, read


class Words(Texts):
    """The words of the reports, by key such as `action.avoid`."""

    def term(self, section: str, value: str) -> str:
        """The words for a value of a closed list, or the value itself when the list lacks it."""
        return self.texts.get(f"{section}.{value}", value)


def load() -> Words:
    """The English catalogue of the package."""
    return Words(read(resources.files("apothecary.reports").joinpath("templates", "words.toml")))
