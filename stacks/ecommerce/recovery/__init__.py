"""The recovery layer of the platform."""
