"""Knowledge tables to the pack that every other rule reads."""

from typing import TYPE_CHECKING

from apothecary.knowledge import build, lock
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(source: str, lock_file: str, pack: str) -> None:
    """Hold the tables against their lock and build the pack."""
    lock.verify_source(source, lock_file)
    build.build(source, pack)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(snakemake.params.source, snakemake.input.lock, snakemake.output.pack)
