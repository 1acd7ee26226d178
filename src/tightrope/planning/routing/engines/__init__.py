"""Engines: ways to solve a routing problem, all behind `solve`."""
