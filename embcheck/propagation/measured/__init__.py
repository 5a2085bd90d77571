"""What really happens to a network on paper: weights are drawn, signals sent through, seeds compared."""
