"""A synthetic country -> a store of its size, and how long the questions and the report take of it."""
