"""Signals through layers: predicted, measured, swept."""
