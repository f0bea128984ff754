"""The operations layer of the platform."""
