"""The constructs that VisitorCounter composes: network, Redis, load balancer, Fargate service."""
