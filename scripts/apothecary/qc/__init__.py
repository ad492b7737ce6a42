"""Quality of alignments: measures, coverage, identity, and the gates that they must pass."""
