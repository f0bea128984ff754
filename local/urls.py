"""The URLs that a browser on this machine opens for what has an AWS name.

Browsers resolve every name under `localhost` to the loopback interface themselves (RFC 6761 section 6.3), so
no hosts file is touched.
"""

import re
from urllib.parse import urlsplit

from local.deployed import Deployed, port_of


def of_site(site_url: str, endpoint: str) -> str:
    """The local URL of a distribution (`….cloudfront.net`) or website endpoint (`….s3-website-….amazonaws.com`)."""
    host = urlsplit(site_url).hostname or ""
    label = re.sub(r"\.cloudfront\.net$", ".cloudfront", host)
    label = re.sub(r"(\.s3-website[.-][a-z0-9-]+)\.amazonaws\.com$", r"\1", label)
    return f"http://{label}.localhost:{port_of(endpoint)}/"


def of_load_balancer(dns_name: str, deployed: Deployed) -> str:
    """The local URL of a load balancer that is known by its name at AWS."""
    host = dns_name.lower()
    found = deployed.load_balancing.describe_load_balancers()["LoadBalancers"]
    name = next(b["LoadBalancerName"] for b in found if b["DNSName"].lower() == host)
    return f"http://{name.lower()}.alb.localhost:{port_of(deployed.endpoint)}/"
