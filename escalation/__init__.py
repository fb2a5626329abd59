"""Tickets, hub relay, promises of time."""
