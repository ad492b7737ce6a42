"""Formats of the sample sheet that are reads and not variants; apart, since reports ask too."""

READ_FORMATS = ("fastq", "bam", "cram")
