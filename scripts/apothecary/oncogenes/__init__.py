"""Oncogenes: consequences and actionability of a tumor's changes."""
