"""From pictures to observations: what is on the road, how densely, and how fast it moves."""
