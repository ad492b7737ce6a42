"""The codes that bundles use, from the tables of facts."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.fhir.guide_schemas import ANSWERS, CODES, GENES
from apothecary.knowledge import tsv

LOINC = "http://loinc.org"

Coding = dict[str, str]
Concept = dict[str, Any]


@dataclass(frozen=True)
class Codes:
    """Codes by what they are used for.

    Attributes:
        uses: Coding by use (`codes.tsv`).
        answers: Coding by LOINC answer list and term of the report model (`answers.tsv`).
        rxnorm: RxNorm code by the name of a medicine, where there is one.
        accessions: Accession of a chromosome by build and name.
        genes: Number of HGNC by symbol.
    """

    uses: Mapping[str, Coding]
    answers: Mapping[tuple[str, str], Coding]
    rxnorm: Mapping[str, str]
    accessions: Mapping[tuple[str, str], str]
    genes: Mapping[str, str]

    def concept(self, use: str, text: str | None = None) -> Concept:
        """The CodeableConcept of a use, with words where they are given."""
        return _concept(self.uses[use], text)

    def known(self, use: str, text: str) -> Concept:
        """The concept of a use where it has a code, else the words alone."""
        return _concept(self.uses.get(use), text)

    def answer(self, answer_list: str, term: str, text: str | None = None) -> Concept | None:
        """The concept of an answer; None where no code stands for the term."""
        coding = self.answers.get((answer_list, term))
        return _concept(coding, text) if coding else None

    def system(self, use: str) -> str:
        """The address of a code system."""
        return self.uses[f"system.{use}"]["system"]

    def in_system(self, use: str, code: str, text: str | None = None) -> Concept:
        """The concept of a code of a system that is named by its use."""
        return _concept({"system": self.system(use), "code": code}, text)

    def phenotype(self, answer_code: str | None, text: str) -> Concept:
        """A phenotype with its LOINC answer code; Indeterminate and others have words alone."""
        return _concept({"system": LOINC, "code": answer_code} if answer_code else None, text)

    def gene(self, symbol: str) -> Concept:
        """A gene with its number of HGNC, where one is at hand."""
        code = self.genes.get(symbol)
        coding = {"system": self.system("hgnc"), "code": code, "display": symbol} if code else None
        return _concept(coding, symbol)

    def medicine(self, name: str) -> Concept:
        """A medicine with its RxNorm code, where one is at hand."""
        code = self.rxnorm.get(name.casefold())
        coding = {"system": self.system("rxnorm"), "code": code} if code else None
        return _concept(coding, name)


def _concept(coding: Coding | None, text: str | None) -> Concept:
    found: Concept = {"coding": [dict(coding)]} if coding else {}
    if text:
        found["text"] = text
    return found


def load(tables: Mapping[str, str]) -> Codes:
    """Read the codes.

    Args:
        tables: Paths of the tables answers, codes and genes of `resources/fhir`; of drugs, the
            dictionary of medicines; of accessions, those of chromosomes in
            `resources/consequences`.

    Raises:
        ResourceError: A table of codes is not as declared.
    """
    answers = tsv.read(tables["answers"], ANSWERS).rows
    uses = {
        row["use"]: _coding(row["system"], row["code"], row["display"])
        for row in tsv.read(tables["codes"], CODES).rows
    }
    return Codes(
        uses,
        {
            (row["answer_list"], row["term"]): _coding(LOINC, row["code"], row["display"])
            for row in answers
            if row["term"]
        },
        {
            row["name"].casefold(): row["rxnorm"]
            for row in _plain(tables["drugs"])
            if row["rxnorm"].isdecimal()
        },
        {(row["build"], row["chrom"]): row["accession"] for row in _plain(tables["accessions"])},
        {row["gene"]: row["hgnc"] for row in tsv.read(tables["genes"], GENES).rows},
    )


def _coding(system: str, code: str, display: str | None) -> Coding:
    coding = {"system": system, "code": code}
    return {**coding, "display": display} if display else coding


def _plain(path: Path | str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))
