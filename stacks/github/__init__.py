"""What GitHub Actions is let do in an AWS account, without a key that is kept anywhere: docs/delivery.md."""
