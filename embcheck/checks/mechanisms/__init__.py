"""How rules look: what several of them share, or what one would be too long with. No file here is a rule."""
