"""The figures of a printed report, drawn as those of the HTML; see `pages`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.reports import svg
from apothecary.reports.blocks import Block

Model = Mapping[str, Any]
# As the page colours the classes of a figure; what is strong is filled, what is not is outlined.
_STYLE = (
    "text{font:12px 'Libertinus Serif';fill:#17212b}.tick{font-size:10.5px;fill:#4b5864}"
    ".value{font-weight:600}.grid{stroke:#d3dbe2;stroke-width:0.7}"
    ".whisker{stroke:#17212b;stroke-width:1.2}"
    ".mark{fill:#ffffff;stroke:#0a5566;stroke-width:1.2}.strong{fill:#0a5566}"
)


def figures_of(model: Model, section: str) -> list[Block]:
    """The figures of a section.

    Args:
        model: The report model.
        section: Name of the section.

    Returns:
        A block a figure, with its title, its description for those who do not see it, and SVG.
    """
    return [
        {
            "block": "figure",
            "title": figure["title"],
            "description": figure["description"],
            "svg": _styled(svg.draw(figure)),
        }
        for figure in model["figures"]
        if figure["section"] == section
    ]


def _styled(drawing: str) -> str:
    """A drawing that stands alone, with its name space and its style."""
    head, rest = drawing.split(">", 1)
    return f'{head} xmlns="http://www.w3.org/2000/svg"><style>{_STYLE}</style>{rest}'
