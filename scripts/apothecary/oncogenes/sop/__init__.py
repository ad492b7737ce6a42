"""Oncogenicity by the standard operating procedure of ClinGen, CGC and VICC."""
