"""Where the sample's programs send their traces, and how many of them. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.profiles import ProfileName
from stacks.ecommerce.workload.manifest import Manifest

COLLECTOR_NAMESPACE: Final = "amazon-cloudwatch"
COLLECTOR_PORT: Final = 4318
"""Of the CloudWatch agent's Service, OTLP over HTTP; its add-on is the cluster's. Without it traces are dropped."""

# Of all requests. X-Ray takes 5 USD for a million traces (from memory): 33 USD a month of demo's 50 requests a
# second if they came all day, and 66 of standard's 500 and of peak's 5,000.
_SAMPLED: Final[Mapping[ProfileName, str]] = {"demo": "0.05", "standard": "0.01", "peak": "0.001"}


def variables(service: str, profile: ProfileName) -> Mapping[str, str]:
    """What switches on OpenTelemetry, which all five programs carry (the sample's docker-compose.tracing.yml).

    Without a resource detector of AWS: it would ask the node's metadata, which pods cannot reach.
    """
    return {
        "OTEL_SDK_DISABLED": "false",
        "OTEL_SERVICE_NAME": service,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://cloudwatch-agent.{COLLECTOR_NAMESPACE}.svc.cluster.local:"
        f"{COLLECTOR_PORT}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_PROPAGATORS": "tracecontext,baggage",
        "OTEL_RESOURCE_PROVIDERS_AWS_ENABLED": "false",
        "OTEL_NODE_RESOURCE_DETECTORS": "env,host",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": _SAMPLED[profile],
    }


def egress() -> list[Manifest]:
    """The rule that lets pods send them."""
    return [
        {
            "to": [
                {
                    "namespaceSelector": {
                        "matchLabels": {"kubernetes.io/metadata.name": COLLECTOR_NAMESPACE}
                    },
                    "podSelector": {"matchLabels": {"app.kubernetes.io/name": "cloudwatch-agent"}},
                }
            ],
            "ports": [{"port": COLLECTOR_PORT, "protocol": "TCP"}],
        }
    ]
