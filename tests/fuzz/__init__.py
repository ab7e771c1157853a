"""Damaged inputs -> every reader of ours; only the errors that its docstring names may come out, and in time."""
