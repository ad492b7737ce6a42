"""The parts of a plan: what all samples need, what reads need, what tumors need."""
