"""The buckets of a region by what is in them, as `names.bucket` takes it. Knows no construct."""

from typing import Final

ASSETS: Final = "assets"
"""Product images and pages' files, which CloudFront reads; published in the primary."""
UPLOADS: Final = "uploads"
"""What customers bring, in whichever region they are."""
OF_DATA: Final = (ASSETS, UPLOADS)
"""What would be missed; the others hold logs."""
