"""Apothecary: from sequencing reads and variant files to reviewed precision-medicine reports.

The library holds all the science and knows neither Snakemake nor the paths of a run.
"""
