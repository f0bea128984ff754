"""Which PostgreSQL it is, and how it is set: the same for the writer and its replicas."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import aws_rds as rds

# The newest of 17 that this CDK knows. Where an instance starts: later minor versions come by themselves, first to
# the replicas (see MAINTENANCE). 18 is younger than a year, and its first replicas' faults are others' to find.
VERSION: Final = rds.PostgresEngineVersion.VER_17_9
ENGINE: Final = rds.DatabaseInstanceEngine.postgres(version=VERSION)

NAME: Final = "orders"
"""The database in the instance."""
USERNAME: Final = "shop"
"""Its master user. `orders`, the service's name, would be mistaken for a role of the application's alone."""

LOGS: Final = ("postgresql", "upgrade")
"""What goes to CloudWatch, into `/aws/rds/instance/<identifier>/<log>`."""

PARAMETERS: Final[Mapping[str, str]] = {
    # "Using SSL with a PostgreSQL DB instance": without TLS nobody is let in, by TLS 1.2 at the least.
    "rds.force_ssl": "1",
    "ssl_min_protocol_version": "TLSv1.2",
    "password_encryption": "scram-sha-256",
    "rds.accepted_password_auth_method": "scram",
    # PCI DSS 10.2: who came and went, and what changed the structure or the rights; no values of statements.
    "log_connections": "1",
    "log_disconnections": "1",
    "log_statement": "ddl",
    "log_lock_waits": "1",
    "log_min_duration_statement": "1000",
    # A slow statement is logged with its placeholders and without their values, which may be a customer's.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "shared_preload_libraries": "pg_stat_statements,pgaudit",
    "pgaudit.log": "ddl,role",
    # A forgotten transaction keeps rows from being vacuumed and replicas from following: milliseconds.
    "idle_in_transaction_session_timeout": "300000",
}

BACKUPS: Final[Mapping[str, str]] = {
    "primary": "02:00-03:00",
    "secondary": "03:00-04:00",
    "tertiary": "04:00-05:00",
}
"""UTC, by the region's role."""
# A minor version goes to the replicas first: a replica may be newer than its source, not older ("Upgrades of the
# PostgreSQL DB engine for Amazon RDS"). Not in the nights before a weekend.
MAINTENANCE: Final[Mapping[str, str]] = {
    "tertiary": "mon:18:00-mon:19:00",
    "secondary": "tue:00:00-tue:01:00",
    "primary": "wed:06:00-wed:07:00",
}
"""UTC, by the region's role."""
