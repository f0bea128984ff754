"""How often and how long backups are kept, by profile. Knows no construct."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stacks.ecommerce.profiles import ProfileName


@dataclass(frozen=True, slots=True)
class BackupSize:
    """`copies_per_day`: to the other region; 24 is the most that AWS Backup plans. `copies_kept_days`: there.

    `point_in_time_days`: how far back a database can be taken to any second in its own region; 35 is the most. The
    database itself and the plan have to say the same: AWS Backup takes over the database's own retention
    ("Continuous backups and point-in-time recovery", AWS Backup Developer Guide).
    """

    copies_per_day: int
    copies_kept_days: int
    point_in_time_days: int


BACKUPS: Final[Mapping[ProfileName, BackupSize]] = {
    "demo": BackupSize(copies_per_day=1, copies_kept_days=7, point_in_time_days=7),
    "standard": BackupSize(copies_per_day=24, copies_kept_days=35, point_in_time_days=35),
    "peak": BackupSize(copies_per_day=24, copies_kept_days=35, point_in_time_days=35),
}
