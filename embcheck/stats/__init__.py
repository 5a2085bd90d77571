"""HOW FAR OFF IT IS: mathematics that knows no rule and no report."""
