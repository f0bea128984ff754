"""The function that stops a region's database from taking writes, or lets it."""
