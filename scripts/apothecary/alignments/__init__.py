"""Alignments (BAM, CRAM) of a sample: whether they can be taken, and how they are opened."""
