"""The inner loops, compiled where numba is at hand: flat arrays in, better routes out."""
