"""The rules of a site, in plain Python: which file a URL asks for, what is said beside its content, what moved.

One set for all that serves a site: the checks at synth, the publisher, the fallback origin at the edge, the nginx
container and `make serve`. Imports nothing but the standard library: it runs in Lambda and in an image's build.
"""
