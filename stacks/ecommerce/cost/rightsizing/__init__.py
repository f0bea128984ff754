"""The function that asks what is too big; nothing of it knows the CDK."""
