"""The one database and the shipped data files; answers named questions, never decides."""
