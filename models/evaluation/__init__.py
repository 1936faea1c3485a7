"""How good the eyes are: labelled sets, the figures that count, their intervals, and a report to look at."""
