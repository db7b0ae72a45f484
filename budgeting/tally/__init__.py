"""Counting library for participatory budgeting: reads ballots, computes an award exactly, explains it."""
