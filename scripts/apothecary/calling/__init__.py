"""Calling from reads: germline genotypes, somatic changes, and evidence at known sites."""
