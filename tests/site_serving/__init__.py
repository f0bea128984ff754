"""One table of URLs, which everything that serves a site is held to over HTTP."""
