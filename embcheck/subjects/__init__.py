"""WHAT is looked at."""
