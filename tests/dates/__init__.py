"""Date texts with their meaning, written by us in styles seen on Indonesian sites, and how well they are read."""
