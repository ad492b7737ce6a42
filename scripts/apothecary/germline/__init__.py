"""Hereditary risk and secondary findings: variants of the genes that a person agreed to."""
