"""The declaration of the tables that FHIR bundles are checked against.

They are compiled from the definitions of FHIR R4 and of the Genomics Reporting guide
(`apothecary.knowledge.importers.fhir_guide`) and lie in `resources/fhir`.
"""

from __future__ import annotations

from apothecary.tables import Column, Table

STRUCTURES = Table(
    "structures",
    1,
    ("structure",),
    (
        Column("structure", "str", "name of a type of FHIR, or id of a profile", required=True),
        Column("url", "str", "canonical address", required=True),
        Column("type", "str", "the type that it is, or that it profiles", required=True),
        Column("kind", "str", "resource, complex-type, primitive-type or profile", required=True),
        Column("base", "str", "structure that it derives from, where that is at hand"),
        Column("contexts", "list", "elements that the extension may stand in"),
        Column("regex", "str", "what a value of the primitive type looks like"),
        Column("source", "str", "definition that it was compiled from", required=True),
    ),
    "a type of FHIR R4 or a profile or extension",
)

ELEMENTS = Table(
    "elements",
    1,
    ("structure", "element"),
    (
        Column("structure", "str", "row of structures", required=True),
        Column(
            "element",
            "str",
            "id of the element, with names of slices; of a profile only what it adds to its type",
            required=True,
        ),
        Column("min", "int", "least number of values", required=True),
        Column("max", "str", "greatest number of values, or *", required=True),
        Column("types", "list", "types; after a space the profile or target of a reference"),
        Column("fixed", "str", "JSON that the value must equal"),
        Column("pattern", "str", "JSON that the value must hold"),
        Column("strength", "str", "strength of the binding: required or extensible"),
        Column("value_set", "str", "value set of the binding"),
        Column("discriminators", "list", "how values are told to slices: kind, colon, path"),
        Column("rules", "str", "of slices: open, closed or openAtEnd"),
        Column("content", "str", "element whose children it has"),
    ),
    "an element of a structure",
)

VALUE_SETS = Table(
    "value_sets",
    1,
    ("value_set", "system", "code"),
    (
        Column("value_set", "str", "canonical address", required=True),
        Column("system", "str", "code system", required=True),
        Column("code", "str", "a code; empty for the system as such", required=True),
        Column("display", "str", "the code in words"),
        Column(
            "listed",
            "bool",
            "of a system as such: true, every code of it belongs; false, which codes belong is "
            "not at hand, so that only the system is checked",
        ),
    ),
    "a code that a required or extensible binding allows",
)

ANSWERS = Table(
    "answers",
    1,
    ("answer_list", "code"),
    (
        Column("answer_list", "str", "LOINC answer list", required=True),
        Column("code", "str", "LOINC answer code", required=True),
        Column("display", "str", "the answer in words", required=True),
        Column("term", "str", "the word of the report model that it stands for"),
        Column("source", "str", "where the code was read", required=True),
    ),
    "an answer of LOINC that bundles use; lists may be longer",
)

CODES = Table(
    "codes",
    1,
    ("use",),
    (
        Column("use", "str", "what the code is used for here", required=True),
        Column("system", "str", "code system", required=True),
        Column("code", "str", "the code", required=True),
        Column("display", "str", "the code in words"),
        Column("source", "str", "where the code was read", required=True),
    ),
    "a code that bundles use",
)

GENES = Table(
    "genes",
    1,
    ("gene",),
    (
        Column("gene", "str", "symbol", required=True),
        Column("hgnc", "str", "number of HGNC, with its prefix", required=True),
        Column("source", "str", "where the number was read", required=True),
    ),
    "a gene by its number",
)

TABLES: tuple[Table, ...] = (STRUCTURES, ELEMENTS, VALUE_SETS, ANSWERS, CODES, GENES)
