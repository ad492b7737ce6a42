"""From a line of a report to the rows of tables behind it, and from those to the user's records."""
