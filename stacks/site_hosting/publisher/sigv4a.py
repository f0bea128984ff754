"""AWS Signature Version 4A for botocore, which the data plane of CloudFront KeyValueStore demands.

botocore can sign so with the native package `awscrt` only, which Lambda's runtime does not have. IAM User Guide,
"Create a signed AWS API request", and "AWS SigV4A": the key pair is derived from the secret key, the scope has no
region, and a header says for which regions the signature holds.
"""

import hashlib
import hmac
from typing import Any, Final

import botocore.auth

from . import p256

_ALGORITHM: Final = "AWS4-ECDSA-P256-SHA256"


def private_key(access_key: str, secret_key: str) -> int:
    """The signing key of a pair of credentials (NIST SP 800-108, a KDF in counter mode)."""
    for counter in range(1, 255):
        context = access_key.encode() + bytes((counter,))
        data = b"\x00\x00\x00\x01" + _ALGORITHM.encode() + b"\x00" + context + b"\x00\x00\x01\x00"
        derived = hmac.new(b"AWS4A" + secret_key.encode(), data, hashlib.sha256).digest()
        candidate = int.from_bytes(derived, "big")
        if candidate <= p256.ORDER - 2:
            return candidate + 1
    raise ValueError("no signing key can be derived from these credentials")


class SigV4A(botocore.auth.SigV4Auth):
    """Signs for every region; takes SigV4Auth's canonical request as it is."""

    credentials: Any
    _service_name: str

    def scope(self, request: Any) -> str:
        """The access key and what the signature is good for."""
        return f"{self.credentials.access_key}/{self.credential_scope(request)}"

    def credential_scope(self, request: Any) -> str:
        """Date and service: no region."""
        return f"{request.context['timestamp'][:8]}/{self._service_name}/aws4_request"

    def string_to_sign(self, request: Any, canonical_request: str) -> str:
        """What is signed."""
        digest = hashlib.sha256(canonical_request.encode()).hexdigest()
        return "\n".join((_ALGORITHM, request.context["timestamp"], self.credential_scope(request), digest))

    def signature(self, string_to_sign: str, _request: Any) -> str:
        """In hexadecimal digits."""
        key = private_key(self.credentials.access_key, self.credentials.secret_key)
        return p256.sign(key, string_to_sign.encode()).hex()

    def _modify_request_before_signing(self, request: Any) -> None:
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # botocore's stubs lack it
        request.headers["X-Amz-Region-Set"] = "*"

    def _inject_signature_to_request(self, request: Any, signature: str) -> Any:
        signed = self.signed_headers(self.headers_to_sign(request))
        request.headers["Authorization"] = (
            f"{_ALGORITHM} Credential={self.scope(request)}, SignedHeaders={signed}, Signature={signature}"
        )
        return request


def register() -> None:
    """Let every client that is made from now on sign with it where a service asks for SigV4A."""
    botocore.auth.AUTH_TYPE_MAPS["v4a"] = SigV4A
