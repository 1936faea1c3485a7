"""What is looked for in one camera's view: the sections that box.yaml and `desired` have in common."""
