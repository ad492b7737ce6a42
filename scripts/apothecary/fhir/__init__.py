"""FHIR: bundles of the Genomics Reporting guide, and a checker of bundles."""
