"""The code of the functions that rotate passwords; it imports nothing beside itself and what Lambda has."""
