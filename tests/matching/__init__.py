"""The matching benchmark: a seed -> originals, what offices do to them, what only looks like them -> figures."""
