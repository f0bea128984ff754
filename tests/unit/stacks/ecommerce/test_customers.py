"""The customers' directory: kept, encrypted, hard to guess into, and what a client can ask of it."""

import json

import pytest

from stacks import settings
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT
from stacks.settings import SettingsError
from tests.unit.stacks.ecommerce.platform import NEEDED, platform
from tests.unit.stacks.synthesis import Template, only, resources

POOL = "AWS::Cognito::UserPool"
CLIENT = "AWS::Cognito::UserPoolClient"
EVERYTHING: dict[str, object] = {
    "ecommerce_customers_mfa": "required",
    "ecommerce_customers_plan": "plus",
    "ecommerce_customers_replica": True,
    "ecommerce_oidc_issuer": "https://accounts.example.org",
    "ecommerce_oidc_client_id": "shop",
    "ecommerce_saml_metadata_url": "https://login.example.org/metadata",
}


def customers(**given: object) -> Template:
    return platform(**given)[stack_name("Customers", DEFAULT.primary.name, None)]


def clients(found: Template) -> dict[bool, Template]:
    """The clients by whether they have a secret."""
    return {each["GenerateSecret"]: each for each in resources(found, CLIENT)}


def test_a_refactoring_does_not_replace_the_directory() -> None:
    """Passwords cannot be exported: a replaced pool is every customer lost. These properties cannot be
    changed later, or would make every token invalid."""
    found = customers()["Resources"]["DirectoryPoolA7B8CEE8"]
    assert found["Type"] == POOL
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = found["Properties"]
    assert properties["UserPoolName"] == "ecommerce-customers"
    assert properties["DeletionProtection"] == "ACTIVE"
    assert properties["UsernameAttributes"] == ["email"]
    assert properties["UsernameConfiguration"] == {"CaseSensitive": False}
    assert properties["Schema"] == [{"Mutable": True, "Name": "email", "Required": True}]
    assert properties["IssuerConfiguration"] == {"Type": "UPDATED"}


def test_it_can_be_thrown_away_where_that_is_asked_for() -> None:
    found = customers(removal_policy="destroy")
    assert only(found, POOL)["DeletionProtection"] == "INACTIVE"


def test_it_is_encrypted_with_the_key_that_a_replica_can_have_too() -> None:
    key = only(customers(), POOL)["KeyConfiguration"]
    assert key["KeyType"] == "CUSTOMER_MANAGED_KEY"
    assert "EcommerceKeys-us-east-1" in json.dumps(key["KmsKeyArn"])


def test_passwords_second_factors_and_recovery() -> None:
    pool = only(customers(), POOL)
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["MfaConfiguration"] == "OPTIONAL"
    assert pool["AutoVerifiedAttributes"] == ["email"]
    recovery = pool["AccountRecoverySetting"]["RecoveryMechanisms"]
    assert [each["Name"] for each in recovery] == ["verified_email"]


def test_what_costs_is_there_only_when_asked_for() -> None:
    pool = only(customers(), POOL)
    assert pool["UserPoolTier"] == "ESSENTIALS"
    assert "UserPoolAddOns" not in pool
    assert resources(customers(), "AWS::Cognito::UserPoolReplica") == []
    asked = only(customers(**EVERYTHING), POOL)
    assert asked["UserPoolTier"] == "PLUS"
    assert asked["UserPoolAddOns"]["AdvancedSecurityMode"] == "ENFORCED"
    assert asked["MfaConfiguration"] == "ON"
    assert only(customers(**EVERYTHING), "AWS::Cognito::UserPoolReplica")["RegionName"] == "eu-west-1"


def test_the_browsers_client_has_no_secret_and_takes_the_code_flow_alone() -> None:
    shop = clients(customers())[False]
    assert shop["AllowedOAuthFlows"] == ["code"]
    assert shop["CallbackURLs"] == ["https://shop.example.org/signed-in"]
    assert all(url.startswith("https://") for url in shop["CallbackURLs"] + shop["LogoutURLs"])
    assert shop["PreventUserExistenceErrors"] == "ENABLED"
    assert shop["EnableTokenRevocation"] is True
    assert shop["AccessTokenValidity"] <= 60 and shop["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert not any("USER_PASSWORD" in flow for flow in shop["ExplicitAuthFlows"]), "a password in the clear"


def test_the_back_end_signs_in_as_nobody_and_no_browser_gets_its_scope() -> None:
    found = clients(customers())
    assert found[True]["AllowedOAuthFlows"] == ["client_credentials"]
    assert "/admin" in json.dumps(found[True]["AllowedOAuthScopes"])
    assert "/admin" not in json.dumps(found[False]["AllowedOAuthScopes"])


def test_other_providers_sign_in_to_the_shop_and_no_secret_is_in_the_template() -> None:
    found = customers(**EVERYTHING)
    kinds = {
        each["ProviderType"]: each for each in resources(found, "AWS::Cognito::UserPoolIdentityProvider")
    }
    assert kinds.keys() == {"SAML", "OIDC"}
    secret = kinds["OIDC"]["ProviderDetails"]["client_secret"]
    assert secret == "{{resolve:secretsmanager:ecommerce/oidc-client:SecretString:client_secret::}}"
    assert len(clients(found)[False]["SupportedIdentityProviders"]) == 3
    assert clients(customers())[False]["SupportedIdentityProviders"] == ["COGNITO"]


def test_the_web_acl_stands_before_it_and_its_pages_obey_it() -> None:
    found = customers()
    association = only(found, "AWS::WAFv2::WebACLAssociation")
    assert association["ResourceArn"]["Fn::GetAtt"][0] == "DirectoryPoolA7B8CEE8"
    assert only(found, "AWS::Cognito::UserPoolDomain")["ManagedLoginVersion"] == 1
    log = only(found, "AWS::WAFv2::LoggingConfiguration")
    assert {"QueryString": {}} in log["RedactedFields"], "a code in it opens a session"


@pytest.mark.parametrize("given", ["ecommerce_oidc_issuer", "ecommerce_oidc_client_id"])
def test_half_a_provider_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match=r"missing; an OpenID Connect provider needs both"):
        settings.load({**NEEDED, given: EVERYTHING[given]})
