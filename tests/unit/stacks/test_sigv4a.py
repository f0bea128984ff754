"""SigV4A: the key that AWS derives from its published test credentials, and signatures that a library verifies."""

import datetime

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from stacks.site_hosting.publisher import p256, sigv4a

# The credentials and the public key of the SigV4A test suite that AWS publishes with its SDKs.
ACCESS_KEY, SECRET_KEY = "AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom"
PUBLIC_KEY = (
    0x15D242CEEBF8D8169FD6A8B5A746C41140414C3B07579038DA06AF89190FFFCB,
    0x0515242CEDD82E94799482E4C0514B505AFCCF2C0C98D6A553BF539F424C5EC0,
)
ECDSA = ec.ECDSA(hashes.SHA256())


def test_the_key_is_the_one_that_aws_derives() -> None:
    assert p256.public_point(sigv4a.private_key(ACCESS_KEY, SECRET_KEY)) == PUBLIC_KEY


@pytest.mark.parametrize("private", [1, 2, p256.ORDER - 1, 0x1234567890ABCDEF << 180])
def test_public_points_are_those_of_the_library(private: int) -> None:
    numbers = ec.derive_private_key(private, ec.SECP256R1()).public_key().public_numbers()
    assert p256.public_point(private) == (numbers.x, numbers.y)


def test_the_order_is_no_key() -> None:
    with pytest.raises(ValueError, match="no private key"):
        p256.public_point(p256.ORDER)


def test_the_library_verifies_signatures() -> None:
    private = sigv4a.private_key(ACCESS_KEY, SECRET_KEY)
    public = ec.derive_private_key(private, ec.SECP256R1()).public_key()
    for number in range(20):  # as many lengths of r and s as come
        public.verify(p256.sign(private, b"%d" % number), b"%d" % number, ECDSA)
    with pytest.raises(InvalidSignature):
        public.verify(p256.sign(private, b"one"), b"other", ECDSA)


def test_a_request_is_signed_as_the_guide_says() -> None:
    """ "Create a signed AWS API request": scope without a region, the header that names the regions signed too."""
    signer = sigv4a.SigV4A(Credentials(ACCESS_KEY, SECRET_KEY, "a-token"), "cloudfront-keyvaluestore", "*")
    url = "https://1.cloudfront-kvs.global.api.aws/key-value-stores/arn%3Aaws/keys"
    request = AWSRequest(method="POST", url=url, data=b"{}", headers={"If-Match": "E1"})
    signer.add_auth(request)
    date = request.context["timestamp"][:8]
    assert abs(int(date) - int(datetime.datetime.now(datetime.UTC).strftime("%Y%m%d"))) <= 1
    algorithm, _, fields = request.headers["Authorization"].partition(" ")
    given = dict(field.split("=", 1) for field in fields.split(", "))
    assert algorithm == "AWS4-ECDSA-P256-SHA256"
    assert given["Credential"] == f"{ACCESS_KEY}/{date}/cloudfront-keyvaluestore/aws4_request"
    assert request.headers["X-Amz-Region-Set"] == "*"
    assert {"host", "x-amz-date", "x-amz-region-set", "x-amz-security-token", "if-match"} <= set(
        given["SignedHeaders"].split(";")
    )
    del request.headers["Authorization"]  # which is no part of what was signed
    signed = signer.string_to_sign(request, signer.canonical_request(request))
    public = ec.derive_private_key(sigv4a.private_key(ACCESS_KEY, SECRET_KEY), ec.SECP256R1()).public_key()
    public.verify(bytes.fromhex(given["Signature"]), signed.encode(), ECDSA)


def test_botocore_takes_it_where_a_service_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.auth, "AUTH_TYPE_MAPS", dict(botocore.auth.AUTH_TYPE_MAPS))
    sigv4a.register()
    assert botocore.auth.AUTH_TYPE_MAPS["v4a"] is sigv4a.SigV4A
