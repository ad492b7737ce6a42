"""Reports: the report model and its views; they compute nothing."""
