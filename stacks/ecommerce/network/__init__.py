"""The network layer of the platform."""
