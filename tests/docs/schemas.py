"""What a file for Compose, a CI or Kubernetes has at least, as far as the docs show such files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jsonschema

_TEXTS = {"type": "array", "items": {"type": "string"}}
_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_VARIABLES = {"anyOf": [{"type": "object", "additionalProperties": _SCALAR}, _TEXTS]}
_COMMAND = {"anyOf": [{"type": "string"}, _TEXTS]}


def _objects(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "minProperties": 1, "additionalProperties": item}


def _closed(required: Sequence[str] = (), /, **properties: Any) -> dict[str, Any]:
    """Return the schema of an object without further keys: a misspelt one is found."""
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


_NAMED = {"anyOf": [_TEXTS, {"type": "object"}]}

COMPOSE = _closed(
    ["services"],
    name={"type": "string"},
    services=_objects(
        {
            **_closed(
                build={"type": ["string", "object"]},
                image={"type": "string"},
                command=_COMMAND,
                entrypoint=_COMMAND,
                environment=_VARIABLES,
                env_file=_COMMAND,
                ports={"type": "array", "items": {"type": ["string", "number", "object"]}},
                expose={"type": "array"},
                volumes={"type": "array", "items": {"type": ["string", "object"]}},
                networks=_NAMED,
                depends_on=_NAMED,
                healthcheck=_closed(
                    ["test"],
                    test=_COMMAND,
                    interval={"type": "string"},
                    timeout={"type": "string"},
                    start_period={"type": "string"},
                    start_interval={"type": "string"},
                    retries={"type": "integer"},
                ),
                restart={"enum": ["no", "always", "on-failure", "unless-stopped"]},
                working_dir={"type": "string"},
                user={"type": "string"},
                profiles=_TEXTS,
                network_mode={"type": "string"},
                cap_add=_TEXTS,
                security_opt=_TEXTS,
                extra_hosts=_VARIABLES,
            ),
            "anyOf": [{"required": ["image"]}, {"required": ["build"]}],
        }
    ),
    volumes={"type": "object"},
    networks={"type": "object"},
)

_STEP_KEYS = {
    "name": {"type": "string"},
    "id": {"type": "string"},
    "if": {"type": ["string", "boolean"]},
    "uses": {"type": "string", "pattern": r"^(\./|docker://|[\w.-]+/[\w./-]+@)"},
    "with": {"type": "object"},
    "run": {"type": "string"},
    "env": _VARIABLES,
    "shell": {"type": "string"},
    "working-directory": {"type": "string"},
    "continue-on-error": {"type": "boolean"},
    "timeout-minutes": {"type": "number"},
}
_STEP = {
    "type": "object",
    "properties": _STEP_KEYS,
    "additionalProperties": False,
    "oneOf": [{"required": ["uses"]}, {"required": ["run"]}],
}

_SERVICE = {"type": "object", "required": ["image"]}

GITHUB = _closed(
    ["jobs"],
    name={"type": "string"},
    on={"type": ["string", "array", "object"]},
    env=_VARIABLES,
    permissions={"type": ["string", "object"]},
    concurrency={"type": ["string", "object"]},
    jobs=_objects(
        {
            "type": "object",
            "required": ["runs-on", "steps"],
            "properties": {
                "steps": {"type": "array", "minItems": 1, "items": _STEP},
                "services": _objects(_SERVICE),
                "env": _VARIABLES,
            },
        }
    ),
)

_RESERVED = ("stages", "image", "services", "variables", "default", "include", "workflow", "cache")
_LINES = {"anyOf": [{"type": "string"}, _TEXTS]}

GITLAB = {
    "type": "object",
    "properties": dict.fromkeys(_RESERVED, True),
    "additionalProperties": {
        "type": "object",
        "required": ["script"],
        "properties": {"script": _LINES, "before_script": _LINES, "variables": _VARIABLES},
    },
}

KUBERNETES = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata"],
    "properties": {
        "apiVersion": {"type": "string", "pattern": r"^([\w.-]+/)?v\d+((alpha|beta)\d+)?$"},
        "kind": {"type": "string", "pattern": "^[A-Z]"},
        "metadata": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string", "pattern": "^[a-z0-9.-]+$"}},
        },
    },
}


def schema_of(document: Any) -> dict[str, Any] | None:
    """Return the schema by what a document says of itself; None for one of another kind."""
    if not isinstance(document, dict):
        return None
    if "apiVersion" in document:
        return KUBERNETES
    if "jobs" in document:
        return GITHUB
    if "services" in document and isinstance(document["services"], dict):
        return COMPOSE
    if any(isinstance(job, dict) and "script" in job for job in document.values()):
        return GITLAB
    return None


def mistake_in(document: Any) -> str:
    """Return what is wrong with a document of a kind that is known, or nothing."""
    schema = schema_of(document)
    if schema is None:
        return ""
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return f"{error.json_path}: {error.message}" if error else ""
