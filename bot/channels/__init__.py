"""Adapters: they translate between a channel and our own words, and decide nothing."""
