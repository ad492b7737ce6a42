"""Knowledge: sources, importers, lock, pack and the difference of two packs."""
