"""The traffic layer of the platform."""
