"""Polygenic scores: scoring files that a user installs, and what they sum up to in a person."""
