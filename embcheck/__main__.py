"""`python -m embcheck`, also under torchrun."""

from __future__ import annotations

from embcheck.cli.app import main

if __name__ == "__main__":
    main()
