"""News pages drawn by our own code, and how well their articles are read: `python -m tests.news`."""
