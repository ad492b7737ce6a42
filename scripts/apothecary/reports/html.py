"""Self-contained HTML: no request leaves the page, and only what its policy names may run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from apothecary.reports import svg

if TYPE_CHECKING:
    from jinja2 import Environment

Model = Mapping[str, Any]


@cache
def environment() -> Environment:
    """The templates of the package; every value is escaped, and an unknown name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("apothecary.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """The text of a style sheet or script of the package."""
    file = resources.files("apothecary.reports").joinpath("templates", name)
    return file.read_text(encoding="utf-8")


def policy(style: str, script: str | None) -> str:
    """The Content-Security-Policy of a page: its own style and script by hash, nothing else.

    Args:
        style: Text of the one style element.
        script: Text of the one script element, None when the page has none.
    """
    scripts = _hash(script) if script else "'none'"
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def page(
    template: str,
    title: str,
    words: Mapping[str, str],
    values: Mapping[str, Any],
    *,
    script: str | None = None,
    foot: str = "",
    styles: Sequence[str] = (),
) -> str:
    """A page out of a template that extends `base.html`.

    Args:
        template: Name of the template.
        title: Title of the page.
        words: The catalogue of the model.
        values: What the template places.
        script: Name of the script, None for a page without one.
        foot: Text at the foot of every printed page.
        styles: Names of further style sheets.

    Returns:
        The page.
    """
    from markupsafe import Markup

    sheets = ("report.css", "issue.css", *styles)
    style = "".join(asset(name) for name in sheets) + _print_foot(foot)
    code = asset(script) if script else None
    return (
        environment()
        .get_template(template)
        .render(
            values,
            title=title,
            w=words,
            policy=policy(style, code),
            style=Markup(style),
            script=Markup(code) if code else None,
        )
    )


def page_of_scripts(
    template: str,
    title: str,
    words: Mapping[str, str],
    values: Mapping[str, Any],
    scripts: Sequence[str],
) -> str:
    """A page that runs programs which make their styles as they go.

    Args:
        template: Name of the template.
        title: Title of the page.
        words: The catalogue of the model.
        values: What the template places.
        scripts: Texts of the script elements; the policy names the hash of each and lets nothing
            be asked from outside.

    Returns:
        The page.
    """
    from markupsafe import Markup

    hashes = " ".join(_hash(text) for text in scripts) or "'none'"
    allowed = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {hashes}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    marked = [Markup(text) for text in scripts]
    style = Markup(asset("report.css"))
    rendered = environment().get_template(template)
    return rendered.render(
        values, title=title, w=words, policy=allowed, style=style, script=None, scripts=marked
    )


def _print_foot(text: str) -> str:
    """A rule for the foot of printed pages; the text is escaped for a CSS string."""
    escaped = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
    return (
        "@media print { @page { "
        f'@bottom-left {{ content: "{escaped}"; font-size: 7.5pt; color: #3d474f; }} '
        '@bottom-right { content: counter(page) " / " counter(pages); font-size: 7.5pt; '
        "color: #3d474f; } } }\n"
    )


def render_sample(model: Model) -> str:
    """The report of one sample as a page; a failed sample's page says so and why.

    Args:
        model: The report model.

    Returns:
        The page, which works without a script.
    """
    words, identity = model["words"], model["identity"]
    failed = model["status"] == "failed"
    key = "title.failed" if failed else "title.sample"
    title = words[key].format(sample_id=identity["sample_id"])
    values = {"model": model, "by_drug": by_drug(model), "drawings": drawings(model)}
    template = "failed.html" if failed else "sample.html"
    values["report"] = model
    report_id = model["issue"]["report_id"]
    foot = f"{report_id} · {title} · {identity['software']} · {identity['knowledge_short']}"
    return page(template, title, words, values, script="table.js", foot=foot)


def drawings(model: Model) -> list[dict[str, Any]]:
    """The figures of a model, each with its drawing as `svg`."""
    from markupsafe import Markup

    # `draw` escapes every text that it places.
    return [{**figure, "svg": Markup(svg.draw(figure))} for figure in model["figures"]]


def by_drug(model: Model) -> dict[str, Any]:
    """The guidance of a model by medicine."""
    return {entry["drug"]: entry for entry in model["recommendations"]}
