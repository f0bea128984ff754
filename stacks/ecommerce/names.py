"""Names that two sides of a wire compute, so that neither stack has to know the other.

A name that AWS generates would have to be handed over by a reference; these are given instead to what is
referred to from another region, from a policy, or by a person in an emergency. Knows no construct.
"""


def named(what: str, stage: str | None, *, separator: str = "-") -> str:
    """`ecommerce-boundary`, with a stage `ecommerce-dev-boundary`; with separator `/` as a path."""
    return separator.join(filter(None, ("ecommerce", stage, what)))


def boundary(stage: str | None) -> str:
    """The managed policy that bounds every role of the platform; IAM is in no region."""
    return named("boundary", stage)


def data_key_alias(stage: str | None) -> str:
    """The alias of the data key, the same in each region; without `alias/`."""
    return named("data", stage, separator="/")


def operations_key_alias(stage: str | None) -> str:
    """The alias of the key of logs, messages and events, the same in each region; without `alias/`."""
    return named("operations", stage, separator="/")


def cluster(stage: str | None) -> str:
    """The EKS cluster, the same in each region."""
    return named("shop", stage)


def api(stage: str | None) -> str:
    """The REST API, the same in each region."""
    return named("shop", stage)


def database(stage: str | None) -> str:
    """The identifier of the orders' database instance, writer or replica, the same in each region."""
    return named("orders", stage)


def cache(stage: str | None) -> str:
    """The id of the checkout's replication group, the same in each region; AWS takes 40 characters."""
    return named("checkout", stage)


def table(of: str, stage: str | None) -> str:
    """A DynamoDB global table, by what is in it: carts."""
    return named(of, stage)


def bucket(of: str, stage: str | None, *, account: str, region: str) -> str:
    """A bucket, by what is in it: assets, uploads, logs. Names are shared by all accounts of the world."""
    return named(f"{of}-{account}-{region}", stage)


def secret(of: str, stage: str | None) -> str:
    """A secret, by what it opens: orders-database, checkout-cache, payments; replicas have the same name."""
    return named(of, stage, separator="/")


def event_bus(stage: str | None) -> str:
    """The bus of the shop's events, the same in each region."""
    return named("orders", stage)


def backup_vault(stage: str | None) -> str:
    """The vault of recovery points, the same in each region, so that a copy's destination can be computed."""
    return named("backups", stage)


def region_switch_plan(stage: str | None) -> str:
    """The plan that moves writes to another region; ARC takes 32 characters."""
    return f"shop-{stage}" if stage else "shop"


def region_switch_role(stage: str | None) -> str:
    """The role with which Region Switch executes the plan; IAM is in no region."""
    return named("region-switch", stage)


def fence_function(action: str, stage: str | None) -> str:
    """The function that stops a region's database from taking writes (fence), or lets it (release)."""
    return named(f"write-{action}", stage)


def runbook(of: str, stage: str | None) -> str:
    """An Automation document of Systems Manager, by what it does."""
    return named(of, stage)


def queue(of: str, stage: str | None) -> str:
    """A queue, by what waits in it: order-events, fulfilment, notifications; the same in each region."""
    return named(of, stage)


def topic(of: str, stage: str | None) -> str:
    """A topic, by what it tells of: alarms, stock, costs; the same in each region."""
    return named(of, stage)


def trail(stage: str | None) -> str:
    """The CloudTrail trail of all regions."""
    return named("audit", stage)


def region_alarm(stage: str | None) -> str:
    """The composite alarm that says that a region does not serve its customers; the same in each region."""
    return named("region-unhealthy", stage)


def canary(of: str, stage: str | None) -> str:
    """A canary, by what it does; the same in each region."""
    return named(of, stage)


def metric_namespace(stage: str | None) -> str:
    """Where the shop's business metrics are: `Ecommerce`, with a stage `Ecommerce/dev`."""
    return "/".join(filter(None, ("Ecommerce", stage)))


def role(of: str, stage: str | None) -> str:
    """A role that people take, by what they do: auditor, operator, break-glass; IAM is in no region."""
    return named(of, stage)


def firewall_log(of: str, stage: str | None) -> str:
    """The log group of a web ACL, by what it stands before; AWS WAF takes no name that begins otherwise."""
    return f"aws-waf-logs-{named(of, stage)}"


def customers(stage: str | None) -> str:
    """The user pool of the customers."""
    return named("customers", stage)


def dashboard(of: str, stage: str | None) -> str:
    """A dashboard, by the region that it shows, or `all`; CloudWatch shows the same ones in every region."""
    return named(of, stage)


def prefix(stage: str | None) -> str:
    """The beginning of every name here: `ecommerce`, with a stage `ecommerce-dev`."""
    return "-".join(filter(None, ("ecommerce", stage)))
