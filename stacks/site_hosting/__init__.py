"""The constructs that StaticSite composes: bucket, distribution, website endpoint, upload."""
