"""A media file -> what it shows and how it sounds, small enough to keep."""
