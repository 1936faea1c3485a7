"""The page that explains the API: made here from its description, so that no script from elsewhere is loaded."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from central.api.problems import KINDS
from central.api.scopes import MEANINGS
from central.api.service import METHODS, api


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    body: list[dict[str, Any]]
    is_form: bool
    """The body is multipart/form-data; else it is JSON."""
    needs_token: bool
    anchor: str


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """For people; programs read openapi.json."""
    context = {"groups": _groups(), "kinds": KINDS, "scopes": MEANINGS.items()}
    return render(request, "api/docs.html", context)


@cache
def _groups() -> dict[str, list[Operation]]:
    """Operations by tag."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                groups.setdefault(methods[method]["tags"][0], []).append(_operation(schema, path, method))
    return groups


def _operation(schema: dict[str, Any], path: str, method: str) -> Operation:
    told = schema["paths"][path][method]
    return Operation(
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=told.get("description", ""),
        parameters=[
            {
                "name": each["name"],
                "where": each["in"],
                "type": _type(schema, each["schema"]),
                "required": each["required"],
                "text": each.get("description", ""),
            }
            for each in told["parameters"]
        ],
        body=_fields(schema, told.get("requestBody", {})),
        is_form="multipart/form-data" in told.get("requestBody", {}).get("content", {}),
        needs_token={} not in told["security"],
        anchor=told["operationId"],
    )


def _fields(schema: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
    if not body:
        return []
    [content] = body["content"].values()
    shape = _resolved(schema, content["schema"])
    required = shape.get("required", [])
    return [
        {
            "name": name,
            "type": _type(schema, field),
            "required": name in required,
            "text": field.get("description", ""),
        }
        for name, field in shape["properties"].items()
    ]


def _type(schema: dict[str, Any], shape: dict[str, Any]) -> str:
    """In a word or two."""
    shape = _resolved(schema, shape)
    if "anyOf" in shape:
        return " | ".join(dict.fromkeys(_type(schema, each) for each in shape["anyOf"] if each.get("type") != "null"))
    if "enum" in shape:
        return " | ".join(str(each) for each in shape["enum"])
    if "const" in shape:
        return str(shape["const"])
    if shape.get("type") == "array":
        return f"list of {_type(schema, shape['items'])}"
    return str(shape.get("format") or shape.get("type", "any"))


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    reference = shape.get("$ref")
    return shape if reference is None else schema["components"]["schemas"][reference.rpartition("/")[2]]
