"""The version of the pipeline, written into every table, report and manifest."""

VERSION = "0.1.0"
