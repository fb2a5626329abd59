"""The sandbox and the scripted days of `wenha demo`."""
