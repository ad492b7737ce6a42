"""Files of variants for other programs: annotated VCF, and MAF of tumors."""
