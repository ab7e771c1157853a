"""Local stand-ins for the services: the world of the demo and of the tests."""
