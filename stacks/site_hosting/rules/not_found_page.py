"""The page for what is not found, where the site has no 404.html of its own."""

from typing import Final

# Without style and script: the site's Content-Security-Policy may allow neither.
PAGE: Final = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>404 Not Found</title>
<h1>There is no page here</h1>
<p>The address may be mistyped, or the page has gone. <a href="/">Go to the home page</a>.</p>
</html>
"""
"""HTML, UTF-8."""
