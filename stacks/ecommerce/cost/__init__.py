"""The cost layer of the platform."""
