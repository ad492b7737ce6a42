"""Biomarkers of a whole tumor: burden, microsatellites, signatures, hints of HRD."""
