"""A catalogue of words by key: what the reports and the pages for patients have in common."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable


@dataclass(frozen=True)
class Texts:
    """The words of one language.

    Attributes:
        texts: Every text by its full key, such as `action.avoid`.
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


def read(file: Traversable) -> dict[str, str]:
    """The texts of a catalogue by full key: the section, a dot and the key.

    Args:
        file: A TOML file of the package, a table a section.
    """
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": text
        for section, texts in sections.items()
        for key, text in texts.items()
    }
