"""The one YAML schema of box and camera files: a section a file, read with line numbers, unknown keys are errors."""
