"""Clinical trials: what they ask for, and which patients may meet it."""
