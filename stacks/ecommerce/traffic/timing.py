"""Waits and limits that entrance, load balancer and pods have to agree on, in seconds. Knows no construct."""

from typing import Final

# A pod has to go on answering for as long as the load balancer may still send to it: its preStop hook waits
# this long, and its termination grace period is longer ("Deregistration delay", Elastic Load Balancing).
DEREGISTRATION_DELAY: Final = 20
# A new pod gets its share of the requests bit by bit: the JVM of cart, orders and ui is slow at first.
SLOW_START: Final = 30
# The longest silence on a connection, a WebSocket's included. CloudFront's wait for an answer and API Gateway's are
# shorter, so that who asked gives up first.
IDLE_TIMEOUT: Final = 60
# CloudFront closes an idle connection to the load balancer before the load balancer does.
ORIGIN_KEEPALIVE: Final = 55
ORIGIN_READ_TIMEOUT: Final = 30
# Two in a row of these: a pod that fails gets no more requests after ten seconds.
TARGET_CHECK_INTERVAL: Final = 5
TARGET_CHECK_TIMEOUT: Final = 3
# Of Route 53: three in a row of these, and a region is left within 90 seconds and the records' 60.
REGION_CHECK_INTERVAL: Final = 30
REGION_CHECK_FAILURES: Final = 3
