"""Counting library for participatory budgeting: reads ballots, awards exactly, explains."""
