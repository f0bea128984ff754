"""The data layer of the platform."""
