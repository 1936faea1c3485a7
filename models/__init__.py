"""The eyes: networks as data with a card each, the runtime that runs them, and zoom. Imports nothing of ours."""
