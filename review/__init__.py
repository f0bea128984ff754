"""Reads the cloud assembly that `cdk synth` writes, and writes what a reviewer wants to see."""
