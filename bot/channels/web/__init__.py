"""The built-in channel: its own platform of chats, and the sandbox of `wenha demo`."""
