"""Kills, faults of the machine and faults of the services, all of them real -> what Tayang made of them."""
