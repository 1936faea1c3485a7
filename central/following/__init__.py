"""Citizens who follow what they reported: who, how they said so, and what they are told."""
