"""Variants and evidence in the standards of the GA4GH: VRS, Cat-VRS and VA-Spec."""
