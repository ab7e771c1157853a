"""Two things seen -> how they relate: where one lies in the other, where they disagree, what is covered."""
