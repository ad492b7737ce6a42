"""A line of a report traced to the rows behind it and the records that those were read from."""

from __future__ import annotations

from apothecary.story import Story, listed
from apothecary.tracing import lines, records, upstream
from apothecary.tracing.links import shown


def known(story: Story, text: str) -> bool:
    """Whether a text is the identifier of a line of the sample's report."""
    return text in lines.identifiers(story)


def tell(story: Story, line: str) -> None:
    """Tell a line's rows and records.

    Args:
        story: The sample.
        line: Identifier of the line.
    """
    story.tell("report", f"{line} in {lines.report(story)}")
    links = upstream.walk(story, lines.rows_of(story, line))
    by_table: dict[str, list[str]] = {}
    for link in links:
        path, _, key = shown(link, story.sample["batch"]).partition(": ")
        by_table.setdefault(path, []).append(key)
    for path, keys in by_table.items():
        # A comma parts the columns of a key already.
        story.tell("row", f"{path}: {listed([f'({key})' for key in keys])}")
    for file, found in records.of(story, links).items():
        story.tell("input", f"{file}: {listed(found)}")
