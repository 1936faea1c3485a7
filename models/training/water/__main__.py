"""`python -m models.training.water`."""

from models.training.water.cli import app

app()
