"""Channels, and the conversation between village, bot and hub."""
