"""From sequencing reads to alignments in genome coordinates."""
