"""Visitor counter: a Flask application that counts visits in Redis, each exactly once.

Start it with `python -m visitor_counter`; embed it with `visitor_counter.app.create_app`. This module imports
nothing, because the container's health check imports the package twice a minute on a quarter of a CPU.
"""
