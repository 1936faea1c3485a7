"""The centre with more complaints than one could click together: a made-up city, small enough for every test run."""
