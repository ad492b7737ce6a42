"""The catalogue of the words that reports show."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Words:
    """The words of one language, by key such as `action.avoid`.

    Attributes:
        texts: Every text by its full key.
    """

    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its placeholders filled in.

        Args:
            key: Full key, such as `headline.failed`.
            **values: A value for each placeholder of the text.

        Returns:
            The text.

        Raises:
            KeyError: The catalogue lacks the key, or a placeholder has no value: a bug.
        """
        text = self.texts[key]
        return text.format_map(values) if values else text

    def term(self, section: str, value: str) -> str:
        """The words for a value of a closed list, or the value itself when the list lacks it."""
        return self.texts.get(f"{section}.{value}", value)


def load() -> Words:
    """The English catalogue of the package."""
    file = resources.files("apothecary.reports").joinpath("templates", "words.toml")
    catalogue = tomllib.loads(file.read_text(encoding="utf-8"))
    return Words(
        {
            f"{section}.{key}": text
            for section, texts in catalogue.items()
            for key, text in texts.items()
        }
    )
