"""The security layer of the platform."""
