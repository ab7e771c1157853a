"""One channel per file: an account -> its posts and the Listing that says how far they were read."""
