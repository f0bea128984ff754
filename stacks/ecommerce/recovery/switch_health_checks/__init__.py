"""The function that finds the health checks which a Region Switch plan made."""
