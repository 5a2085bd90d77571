"""Kolmogorov-Smirnov: exact distances by counting in place of sorting, and how rare they are."""
