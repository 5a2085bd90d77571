"""Rules on signals through layers (VAR)."""
