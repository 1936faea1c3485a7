"""Evidence: masked before it is written, signed, named by its sha256, kept until the centre has it."""
