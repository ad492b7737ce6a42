"""Variants: validating reader, normalisation, filters, and a fate for every record."""
