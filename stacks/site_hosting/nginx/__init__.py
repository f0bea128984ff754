"""The rules of a site as a configuration of nginx, for a container: site/Dockerfile.

Imports nothing but the standard library and the rules: it runs in an image's build.
"""
