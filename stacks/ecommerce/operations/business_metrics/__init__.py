"""The function that makes metrics of the shop's events; nothing of it knows the CDK."""
