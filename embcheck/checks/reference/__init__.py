"""Rules that compare with a reference (REF)."""
