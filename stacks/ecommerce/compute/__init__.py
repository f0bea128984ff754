"""The compute layer of the platform."""
