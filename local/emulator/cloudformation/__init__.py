"""CloudFormation in the emulator: what ministack lacks, what it drops, and what it should refuse."""
