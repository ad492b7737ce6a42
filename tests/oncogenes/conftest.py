"""Lets the tests of the folders below import the builders of this one."""
