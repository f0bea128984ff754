"""The same stacks on one machine: an AWS emulator, a real Redis, the real CDK CLI."""
