"""A strict Bot API server for tests."""
