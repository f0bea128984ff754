"""The workload layer of the platform."""
