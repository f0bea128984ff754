"""`make serve`: a folder, by the rules of the edge, without AWS, emulator or deploy."""
