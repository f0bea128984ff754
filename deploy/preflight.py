"""What is looked at before AWS is touched: who are we, where, and is that place prepared for the CDK?"""

from dataclasses import dataclass

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from deploy.errors import RefusedError

OLDEST_BOOTSTRAP = 6
"""The version of the bootstrap stack that aws-cdk-lib's default synthesizer asks for (AWS CDK Developer Guide,
"Bootstrapping", "Bootstrap template version history": 6 introduced the look-up role)."""

PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 2})
"""For calls that somebody waits for. Seconds."""

_VERSION_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_SIGN_IN = "sign in (`aws sso login`, or set AWS_PROFILE or the AWS_* variables) and try again"


@dataclass(frozen=True)
class Target:
    """The account and region that are about to be touched, and who touches them."""

    account: str
    region: str
    caller: str


def target(*, account: str | None, region: str) -> Target:
    """Find out whose credentials these are; raises `RefusedError` without usable ones.

    `account` is the setting, if given: other credentials than that account's are refused.
    """
    try:
        identity = boto3.Session().client("sts", region_name=region, config=PATIENCE).get_caller_identity()
    except NoCredentialsError:
        raise RefusedError(f"no AWS credentials found; {_SIGN_IN}") from None
    except (PartialCredentialsError, SSOError, TokenRetrievalError, ProfileNotFound) as error:
        raise RefusedError(f"AWS credentials cannot be used: {error}; {_SIGN_IN}") from error
    except ClientError as error:
        code, text = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        raise RefusedError(f"AWS refuses the credentials: {code}: {text}; {_SIGN_IN}") from error
    except BotoCoreError as error:
        raise RefusedError(f"AWS cannot be reached in region {region}: {error}") from error
    found = Target(identity["Account"], region, identity["Arn"])
    if account and account != found.account:
        raise RefusedError(
            f"setting account: {account}, but the credentials ({found.caller}) are of account {found.account}; "
            "sign in to the other, or change the setting"
        )
    return found


def check_bootstrap(where: Target) -> int | None:
    """Return the version of the bootstrap stack; None when these credentials may not read it.

    Raises `RefusedError` when there is none, or one that is too old.
    """
    ssm = boto3.Session().client("ssm", region_name=where.region, config=PATIENCE)
    try:
        version = int(ssm.get_parameter(Name=_VERSION_PARAMETER)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        raise RefusedError(
            f"account {where.account}, region {where.region} is not bootstrapped for the CDK: run once "
            f"`{_bootstrap(where)}`"
        ) from None
    except ClientError as error:
        if error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"):
            return None  # the CDK's own roles may: the CLI checks again
        raise RefusedError(f"the bootstrap version cannot be read: {error}") from error
    except BotoCoreError as error:
        raise RefusedError(f"the bootstrap version cannot be read: {error}") from error
    if version < OLDEST_BOOTSTRAP:
        raise RefusedError(
            f"account {where.account}, region {where.region} has bootstrap version {version}, older than "
            f"{OLDEST_BOOTSTRAP}: `{_bootstrap(where)}` updates it"
        )
    return version


def _bootstrap(where: Target) -> str:
    return f"make bootstrap ARGS='-c region={where.region}'"
