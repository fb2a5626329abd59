"""Tests against the real database file and real HTTP."""
