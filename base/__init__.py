"""Words everyone shares; standard library only."""
