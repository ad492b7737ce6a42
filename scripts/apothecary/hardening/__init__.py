"""What stands between the run and input that nobody vouches for."""
