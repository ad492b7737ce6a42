"""Print the positions of PyPGx's variants, and of their synonyms, in a build: gene, position.

    python pypgx_places.py BUILD

Run by `pypgx_research.py` in the environment of PyPGx.
"""

import sys

from pypgx.api import core


def main(build: str) -> None:
    for gene in core.list_genes(mode="target"):
        variants = core.list_variants(gene, assembly=build)
        synonyms = core.get_variant_synonyms(gene, assembly=build)
        for position in sorted({name.split("-")[1] for name in (*variants, *synonyms)}):
            print(gene, position, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
