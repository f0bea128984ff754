"""The code of the security layer's Lambda functions: each module is one, and imports nothing of this project."""
