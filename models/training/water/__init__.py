"""The recipe of the water network: where water stands in a picture, and whether the road in view is flooded.

usage: python -m models.training.water train|crossval|evaluate|export …

Only this package and its neighbours import torch; README.md beside it has the environment and the commands.
"""
