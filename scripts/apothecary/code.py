"""A digest of the code that a rule runs, since Snakemake does not look into imported modules."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = "apothecary"


def digest(script: Path) -> str:
    """Digest of a script and of all of this package that it imports, however deep.

    Templates beside a module that is imported count as part of it.

    Args:
        script: A rule's script; the package lies in the same folder.

    Returns:
        The first 16 hexadecimal digits of a SHA-256, the same on every machine.
    """
    root = script.parent
    seen: set[Path] = set()
    pending = [script]
    while pending:
        file = pending.pop()
        if file in seen:
            continue
        seen.add(file)
        pending += [found for name in _imports(file) for found in _files(root, name)]
        pending += [init for init in _package_files(root, file) if init not in seen]
    files = {file.relative_to(root).as_posix(): file for file in seen}
    for file in seen:
        for template in sorted(file.parent.glob("templates/*")):
            files[template.relative_to(root).as_posix()] = template
    summary = hashlib.sha256()
    for name in sorted(files):
        summary.update(name.encode() + b"\0" + files[name].read_bytes() + b"\0")
    return summary.hexdigest()[:16]


def _imports(file: Path) -> tuple[str, ...]:
    return _imports_of(file.read_text(encoding="utf-8"))


@cache
def _imports_of(text: str) -> tuple[str, ...]:
    """The modules of this package that a source text imports; most serve many rules."""
    names = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(name for name in names if name.split(".")[0] == PACKAGE)


def _files(root: Path, name: str) -> list[Path]:
    base = root.joinpath(*name.split("."))
    return [f for f in (base.with_suffix(".py"), base / "__init__.py") if f.is_file()]


def _package_files(root: Path, file: Path) -> list[Path]:
    return [
        folder / "__init__.py"
        for folder in file.parents
        if root in folder.parents and (folder / "__init__.py").is_file()
    ]
