"""The centre with a city's years of complaints: pages under load, files, and what naive queries would cost."""
