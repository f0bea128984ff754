"""Writes the parts of a cloud assembly that `deploy` and `review` read."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def write(folder: Path, templates: Mapping[str, Any], hashes: Iterable[str] = ()) -> Path:
    """An assembly of `templates` by stack, whose asset manifest has `hashes`."""
    folder.mkdir(exist_ok=True)
    artifacts: dict[str, object] = {}
    for name, template in templates.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/eu-west-1",
            "properties": {"templateFile": f"{name}.template.json"},
        }
    (folder / "all.assets.json").write_text(json.dumps({"files": {each: {} for each in hashes}}))
    artifacts["all.assets"] = {"type": "cdk:asset-manifest", "properties": {"file": "all.assets.json"}}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return folder


def resource(kind: str, properties: Mapping[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """A resource of a template."""
    return {"Type": kind, "Properties": properties or {}, **others}


def template(**resources: Any) -> dict[str, Any]:
    """A template of resources by logical id."""
    return {"Resources": resources}
