"""Importers: upstream files into the rows of the knowledge tables."""
