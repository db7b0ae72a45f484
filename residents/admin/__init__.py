"""Rolls in the Wagtail admin."""
