"""What is made of the results of many runs and persons, beside the reports of each."""
