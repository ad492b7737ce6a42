"""Knowledge tables to the pack that every other rule reads."""

from pathlib import Path
from typing import TYPE_CHECKING

from apothecary.knowledge import build, lock
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(tables: list[str], lock_file: str, imported: list[str], pack: str) -> None:
    """Hold the tables, which lie in one folder, against their lock and build the pack.

    What the user imported is added, each folder by itself.
    """
    source = Path(tables[0]).parent
    lock.verify_source(source, lock_file)
    build.build(source, pack, imported)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            list(snakemake.input.source),
            snakemake.input.lock,
            list(snakemake.params.imported),
            snakemake.output.pack,
        )
