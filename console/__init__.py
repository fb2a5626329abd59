"""The pages of those who keep the FAQ and lead the hub, for a browser. Start at web.py."""
