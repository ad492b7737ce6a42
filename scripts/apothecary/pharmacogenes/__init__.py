"""Pharmacogenes: sites, diplotypes, phenotypes and recommendations."""
