#!/usr/bin/env bash
# What has been ordered in the last day: orders, units, revenue, and the product that most is to be sent of.
# Asks the orders service, so it needs no database credentials; no customer's name or address leaves jq.
set -euo pipefail

since=$(date --utc --date='24 hours ago' +%Y-%m-%dT%H:%M:%S)

curl --fail --silent --show-error --max-time 60 "$ORDERS_URL/orders" |
  jq --compact-output --arg since "$since" '
    map(select(.createdDate >= $since)) as $orders
    | ($orders | map(.items[]?)) as $items
    | ($items | group_by(.productId) | map({product: .[0].productId, units: (map(.quantity) | add)})) as $products
    | [
        {MetricName: "OrdersLastDay", Unit: "Count", Value: ($orders | length)},
        {MetricName: "UnitsOrderedLastDay", Unit: "Count", Value: ($items | map(.quantity) | add // 0)},
        {MetricName: "RevenueLastDay", Unit: "None", Value: ($items | map(.totalCost) | add // 0)},
        {MetricName: "UnitsOfMostOrderedProductLastDay", Unit: "Count", Value: ($products | map(.units) | max // 0)}
      ]' >/tmp/metrics.json

cat /tmp/metrics.json
aws cloudwatch put-metric-data --namespace "$NAMESPACE" --metric-data file:///tmp/metrics.json
