"""The words of the pages for patients, a catalogue a language."""

from __future__ import annotations

import datetime
from importlib import resources

from apothecary.reports.texts import Texts, read

_SUFFIX = ".toml"


class Catalogue(Texts):
    """The words of one language and how it writes days and numbers."""

    def number(self, value: int) -> str:
        """A whole number as the language groups its digits."""
        return f"{value:,}".replace(",", self.texts["language.thousands"])

    def day(self, date: str) -> str:
        """A day as the language writes it; a text that is no ISO date as it is.

        Args:
            date: ISO date, such as 2026-01-15.
        """
        try:
            day = datetime.date.fromisoformat(date)
        except ValueError:
            return date
        month = self.texts["language.months"].split("|")[day.month - 1]
        return self("language.date", day=day.day, month=month, year=day.year)


def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, by ISO 639-1 code, sorted."""
    files = resources.files(__package__).joinpath("templates").iterdir()
    return tuple(sorted(f.name.removesuffix(_SUFFIX) for f in files if f.name.endswith(_SUFFIX)))


def load(language: str) -> Catalogue:
    """The catalogue of a language.

    Args:
        language: One of `languages`.
    """
    file = resources.files(__package__).joinpath("templates", f"{language}{_SUFFIX}")
    return Catalogue(read(file))
