"""HLA types as OptiType, T1K, xHLA and arcasHLA write them.

Which of them a file is shows in its form; nothing needs to be said of it:

- JSON with `hla` and in it `alleles`, two a gene: xHLA.
- JSON with a list of alleles by gene: arcasHLA (`*.genotype.json`).
- a header with the columns A1, A2, B1, B2, C1, C2: OptiType (`*_result.tsv`); the first solution.
- lines of gene, number of different alleles, and twice allele, abundance and quality: T1K
  (`*_genotype.tsv`); an allele of quality 0 or less does not count.

Everything else is a TSV of outside calls.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.pharmacogenes import hla

_OPTITYPE = ("A1", "A2", "B1", "B2", "C1", "C2")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?(e[+-]?\d+)?$", re.IGNORECASE)
_T1K_COLUMNS = 8


@dataclass(frozen=True)
class Typing:
    """The alleles of one gene in a file.

    Attributes:
        gene: Gene with prefix, such as HLA-B.
        row: 1-based line of the file.
        names: One or two names as given, without the gene; one when the other is not known.
    """

    gene: str
    row: int
    names: tuple[str, ...]


Entry = tuple[int, str, str]
"""Line, field and the name of an allele as the file gives it."""


def read(text: str, file: str) -> list[Typing] | None:
    """Read the HLA types of a file.

    Args:
        text: What the file holds.
        file: Path for messages.

    Returns:
        One typing a gene; None when the file is in none of the forms of HLA callers.

    Raises:
        WorkflowInputError: All names that are none, and genes with more than two alleles.
    """
    reader = _reader(text)
    if reader is None:
        return None
    found: dict[str, list[Entry]] = defaultdict(list)
    problems: list[Problem] = []
    for gene, entry in reader(text, file):
        found[gene].append(entry)
    typings = []
    for gene, entries in found.items():
        wrong = list(_problems(file, gene, entries))
        problems += wrong
        names = [_without_gene(name) for _, _, name in entries]
        if not wrong and names:
            typings.append(Typing(gene, entries[0][0], tuple(names)))
    if problems:
        raise WorkflowInputError(problems)
    return typings


def _reader(text: str) -> Callable[[str, str], Iterator[tuple[str, Entry]]] | None:
    if text.lstrip().startswith(("{", "[")):
        return _json
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    if not lines:
        return None
    head = [cell.strip() for cell in lines[0].split("\t")]
    if set(_OPTITYPE) <= set(head):
        return _optitype
    return _t1k if all(_is_t1k(line.split("\t")) for line in lines) else None


def _is_t1k(cells: Sequence[str]) -> bool:
    if len(cells) < _T1K_COLUMNS or not cells[1].strip().isdigit():
        return False
    return all(_NUMBER.match(cells[i].strip()) for i in (3, 4, 6, 7))


def _optitype(text: str, file: str) -> Iterator[tuple[str, Entry]]:
    """The first line below the header; those after it are worse solutions."""
    lines = [
        (number, [cell.strip() for cell in line.split("\t")])
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if len(lines) < 2:
        raise WorkflowInputError(
            Problem(file, "a header and no solution", "the result of OptiType with a solution")
        )
    (_, head), (number, cells) = lines[:2]
    # pandas writes the column of row numbers without a name; a program may have dropped it.
    shift = len(cells) - len(head)
    if shift not in (0, 1):
        found = f"{len(cells)} columns below a header of {len(head)}"
        raise WorkflowInputError(Problem(file, found, "as many columns as the header", number))
    for column in _OPTITYPE:
        name = cells[head.index(column) + shift]
        if name not in ("", "nan", "None"):
            yield f"HLA-{column[0]}", (number, column, name)


def _t1k(text: str, file: str) -> Iterator[tuple[str, Entry]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        gene = cells[0] if cells[0].startswith("HLA-") else f"HLA-{cells[0]}"
        if cells[0].startswith("KIR"):
            continue
        kept = [
            (number, f"allele_{place}", _one_of(cells[column], file, number, f"allele_{place}"))
            for place, column in ((1, 2), (2, 5))
            if cells[column] not in (".", "") and float(cells[column + 2]) > 0
        ]
        known = [(row, field, name) for row, field, name in kept if name]
        if cells[1] == "1" and len(known) == 1:
            known *= 2
        for entry in known:
            yield gene, entry


def _one_of(cell: str, file: str, row: int, field: str) -> str:
    """The allele of a cell; of several that were not told apart, what they have in common."""
    names = [name.strip() for name in cell.split(",")]
    for name in names:
        if hla.parse(name) is None:
            raise WorkflowInputError(Problem(file, repr(name[:40]), hla.FORM, row, field))
    return names[0] if len(names) == 1 else hla.common(names) or ""


def _json(text: str, file: str) -> Iterator[tuple[str, Entry]]:
    right = "the JSON of xHLA (hla, alleles) or of arcasHLA (alleles by gene)"
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        found = f"no JSON ({error.msg})"
        raise WorkflowInputError(Problem(file, found, right, error.lineno)) from None
    except RecursionError:
        raise WorkflowInputError(Problem(file, "JSON nested too deep", right)) from None
    if not isinstance(value, dict):
        raise WorkflowInputError(Problem(file, "JSON that is no object", right))
    if isinstance(value.get("hla"), dict):
        by_gene = _xhla(value["hla"].get("alleles"), file, right)
    else:
        by_gene = {str(gene): names for gene, names in value.items()}
    for gene, names in by_gene.items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise WorkflowInputError(Problem(file, f"{gene}: no list of names", right))
        for place, name in enumerate(names, start=1):
            full = gene if gene.startswith("HLA-") else f"HLA-{gene}"
            yield full, (_line(text, name), f"{gene}, allele {place}", name)


def _xhla(names: Any, file: str, right: str) -> dict[str, list[str]]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise WorkflowInputError(Problem(file, "hla without a list of alleles", right))
    by_gene: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_gene[name.partition("*")[0]].append(name)
    return by_gene


def _line(text: str, name: str) -> int:
    at = text.find(json.dumps(name))
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _problems(file: str, gene: str, entries: Sequence[Entry]) -> Iterator[Problem]:
    for row, field, name in entries:
        allele = hla.parse(name)
        if allele is None:
            yield Problem(file, repr(name[:40]), hla.FORM, row, field)
        elif allele.gene not in (None, gene):
            yield Problem(file, f"{name} for {gene}", f"an allele of {gene}", row, field)
    if len(entries) > 2:
        yield Problem(
            file, f"{len(entries)} alleles of {gene}", "at most two a gene", entries[0][0], gene
        )


def _without_gene(name: str) -> str:
    return f"*{name.partition('*')[2]}"


def rows(
    typings: Sequence[Typing], sample_id: str, file: str, genes: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of the table outside_calls, of the genes that are known.

    Args:
        typings: What `read` gave.
        sample_id: The sample.
        file: Path for the table.
        genes: The pharmacogenes by name.
    """
    return [
        {
            "sample_id": sample_id,
            "gene": typing.gene,
            "row": typing.row,
            "diplotype": "/".join(typing.names),
            "phenotype": None,
            "activity_score": None,
            "file": file,
        }
        for typing in typings
        if typing.gene in genes
    ]
