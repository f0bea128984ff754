"""The API of a key value store's contents, called as AWS's SDKs do; boto3 would need its native part for SigV4A."""

import json
from typing import Any
from urllib.parse import quote

from tests.deploy.emulator_process import Answer, EmulatorProcess

_SIGNED = {
    "Authorization": "AWS4-ECDSA-P256-SHA256"
    " Credential=000000000000/20261125/cloudfront-keyvaluestore/aws4_request,"
    " SignedHeaders=host;x-amz-date;x-amz-region-set, Signature=3045022100ab",
    "X-Amz-Date": "20261125T120000Z",
    "X-Amz-Region-Set": "*",
}


class KeyValues:
    """The contents of one store."""

    def __init__(self, emulator: EmulatorProcess, arn: str, *, encoded: bool = True) -> None:
        """`encoded`: whether the ARN's colons and slashes are escaped in paths, as AWS's SDKs do."""
        self._emulator = emulator
        self._path = f"/key-value-stores/{quote(arn, safe='' if encoded else ':/')}"

    def describe(self) -> Answer:
        """DescribeKeyValueStore."""
        return self._emulator.get(self._path, headers=_SIGNED)

    def get(self, key: str) -> Answer:
        """GetKey."""
        return self._emulator.get(self._key(key), headers=_SIGNED)

    def put(self, key: str, value: str, *, etag: str | None = None) -> Answer:
        """PutKey, by default on the current version."""
        return self._change(self._key(key), "PUT", {"Value": value}, etag)

    def delete(self, key: str) -> Answer:
        """DeleteKey."""
        return self._change(self._key(key), "DELETE", None, None)

    def update(self, puts: dict[str, str], *deletes: str, etag: str | None = None) -> Answer:
        """UpdateKeys, by default on the current version."""
        content = {
            "Puts": [{"Key": key, "Value": value} for key, value in puts.items()],
            "Deletes": [{"Key": key} for key in deletes],
        }
        return self._change(f"{self._path}/keys", "POST", content, etag)

    def _key(self, key: str) -> str:
        return f"{self._path}/keys/{quote(key, safe='')}"

    def _change(self, path: str, method: str, content: Any, etag: str | None) -> Answer:
        current = etag or str(self.describe().headers["etag"])
        fields = {**_SIGNED, "If-Match": current, "Content-Type": "application/json"}
        body = json.dumps(content).encode() if content else None
        return self._emulator.request(path, method=method, headers=fields, body=body)
