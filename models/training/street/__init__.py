"""The street detector: NanoDet-g's network, fine-tuned for fixed city cameras, with one class more.

`python -m models.training.street pseudo | train | export`; modules that need torch say so in their first line.
"""
