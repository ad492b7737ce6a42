"""Doses by published models and by guidance, with units, ranges and refusals."""
