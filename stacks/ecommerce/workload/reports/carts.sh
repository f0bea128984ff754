#!/usr/bin/env bash
# What is in carts and not ordered yet: carts, units, their value. Beside the orders it tells how many are abandoned,
# and the units are what the stock has to hold. Reads the whole table: once an hour, at low priority.
set -euo pipefail

aws dynamodb scan --table-name "$TABLE" --no-consistent-read --output json \
  --projection-expression 'customerId, quantity, unitPrice' |
  jq --compact-output '
    [.Items[] | {
      customer: .customerId.S,
      units: (.quantity.N | tonumber),
      price: (.unitPrice.N | tonumber)
    }] as $items
    | [
        {MetricName: "OpenCarts", Unit: "Count", Value: ($items | map(.customer) | unique | length)},
        {MetricName: "UnitsInCarts", Unit: "Count", Value: ($items | map(.units) | add // 0)},
        {MetricName: "ValueOfCarts", Unit: "None", Value: ($items | map(.units * .price) | add // 0)}
      ]' >/tmp/metrics.json

cat /tmp/metrics.json
aws cloudwatch put-metric-data --namespace "$NAMESPACE" --metric-data file:///tmp/metrics.json
