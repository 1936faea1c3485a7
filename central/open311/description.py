"""GeoReport v2 as it is spoken here, in OpenAPI 3.1: for tools, for client generators, and for our own tests."""

from typing import Any

from central.open311.attributes import ATTRIBUTES
from central.open311.services import SERVICES
from central.open311.wanted import MOST

ID = {"type": "string", "description": "Tracking number, XXXX-XXXX-XXXX"}
TEXT = {"type": ["string", "null"]}
MOMENT = {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
CODE = {"type": "string", "enum": list(SERVICES)}
DEGREES = {"type": ["number", "null"]}
JURISDICTION = {"name": "jurisdiction_id", "in": "query", "schema": {"type": "string", "maxLength": 200}}
EXTENSIONS = {
    "name": "extensions",
    "in": "query",
    "description": "Adds extended_attributes",
    "schema": {"type": "string", "enum": ["true", "false"]},
}


def openapi(endpoint: str) -> dict[str, Any]:
    """The description; `endpoint` is where discovery says we are."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sigap Open311",
            "version": "2",
            "description": "GeoReport v2. Every address also answers .xml, in the elements of the specification.",
        },
        "servers": [{"url": endpoint}],
        "paths": {
            "/discovery.json": {"get": _operation("discovery", "What is spoken here", "Discovery")},
            "/services.json": {"get": _operation("services", "What can be reported", "Services", [JURISDICTION])},
            "/services/{service_code}.json": {
                "get": _operation(
                    "service", "The attributes of one service", "Definition", [_in_path("service_code"), JURISDICTION]
                )
            },
            "/requests.json": {
                "get": _operation("requests", "Requests, newest first", "Requests", [*_filters(), JURISDICTION]),
                "post": _operation("report", "Report something", "Receipt", [], body=_form()),
            },
            "/requests/{service_request_id}.json": {
                "get": _operation(
                    "request",
                    "A list of one",
                    "Requests",
                    [_in_path("service_request_id"), EXTENSIONS, JURISDICTION],
                )
            },
            "/tokens/{token}.json": {
                "get": _operation("token", "The id behind a token", "Tokens", [_in_path("token"), JURISDICTION])
            },
        },
        "components": {"schemas": SCHEMAS},
    }


def _operation(
    name: str, summary: str, answer: str, parameters: list[Any] | None = None, *, body: Any = None
) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
    errors = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
    operation = {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            "200": {"description": summary, "content": content},
            "default": {"description": "What was wrong", "content": errors},
        },
    }
    return operation if body is None else operation | {"requestBody": body}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[^/]+$"}}


def _filters() -> list[dict[str, Any]]:
    def query(name: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
        return {"name": name, "in": "query", "schema": schema, "description": description}

    moment = {"type": "string", "format": "date-time"}
    return [
        query("service_request_id", {"type": "string"}, "Several with commas; overrides all other filters"),
        query("service_code", {"type": "string"}, "Several with commas"),
        query("status", {"type": "string", "enum": ["open", "closed", "open,closed"]}),
        query("start_date", moment, "On requested_datetime; at most 90 days before end_date"),
        query("end_date", moment),
        query("updated_after", moment),
        query("updated_before", moment),
        query("page", {"type": "integer", "minimum": 1}),
        query("page_size", {"type": "integer", "minimum": 1, "maximum": MOST}),
        EXTENSIONS,
    ]


def _form() -> dict[str, Any]:
    fields: dict[str, Any] = {
        "api_key": {"type": "string"},
        "service_code": CODE,
        "jurisdiction_id": {"type": "string"},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "long": {"type": "number", "minimum": -180, "maximum": 180},
        "address_string": {"type": "string", "maxLength": 300},
        "description": {"type": "string", "maxLength": 4000},
        "email": {"type": "string", "format": "email"},
        "phone": {"type": "string", "maxLength": 40},
        "first_name": {"type": "string", "maxLength": 100},
        "last_name": {"type": "string", "maxLength": 100},
        "account_id": {"type": "string", "maxLength": 100},
        "device_id": {"type": "string", "maxLength": 100},
        "media_url": {"type": "string", "format": "uri", "maxLength": 500},
    }
    for attributes in ATTRIBUTES.values():
        fields |= {f"attribute[{each.code}]": {"type": "string"} for each in attributes}
    schema = {"type": "object", "required": ["api_key", "service_code"], "properties": fields}
    picture = {"type": "string", "format": "binary", "description": "JPEG, PNG or WebP, at most 12 MB; three at most"}
    with_files = schema | {"properties": fields | {"media": picture}}
    content = {"application/x-www-form-urlencoded": {"schema": schema}, "multipart/form-data": {"schema": with_files}}
    return {"required": True, "content": content}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_REQUEST = _object(
    service_request_id=ID,
    status={"type": "string", "enum": ["open", "closed"]},
    status_notes=TEXT,
    service_name={"type": "string"},
    service_code=CODE,
    description={"type": ["string", "null"], "maxLength": 4000},
    agency_responsible=TEXT,
    service_notice=TEXT,
    requested_datetime=MOMENT,
    updated_datetime=MOMENT,
    expected_datetime=MOMENT,
    address=TEXT,
    address_id=TEXT,
    zipcode=TEXT,
    lat=DEGREES,
    long=DEGREES,
    media_url=TEXT,
)
_REQUEST["properties"]["extended_attributes"] = {"type": "object"}
_ATTRIBUTE = _object(
    variable={"type": "boolean"},
    code={"type": "string"},
    datatype={
        "type": "string",
        "enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"],
    },
    required={"type": "boolean"},
    datatype_description=TEXT,
    order={"type": "integer"},
    description={"type": "string"},
)
_ATTRIBUTE["properties"]["values"] = _list(_object(key={"type": "string"}, name={"type": "string"}))

SCHEMAS: dict[str, Any] = {
    "Errors": _list(_object(code={"type": "integer"}, description={"type": "string", "minLength": 1})),
    "Discovery": _object(
        changeset={"type": "string"},
        contact={"type": "string"},
        key_service={"type": "string"},
        endpoints=_list(
            _object(
                specification={"type": "string"},
                url={"type": "string"},
                changeset={"type": "string"},
                type={"type": "string", "enum": ["production", "test"]},
                formats=_list({"type": "string"}),
            )
        ),
    ),
    "Services": _list(
        _object(
            service_code=CODE,
            service_name={"type": "string"},
            description={"type": "string"},
            metadata={"type": "boolean"},
            type={"type": "string", "enum": ["realtime", "batch", "blackbox"]},
            keywords={"type": "string"},
            group={"type": "string"},
        )
    ),
    "Definition": _object(service_code=CODE, attributes=_list(_ATTRIBUTE)),
    "Requests": _list(_REQUEST),
    "Receipt": _list(_object(service_request_id=ID, service_notice=TEXT, account_id=TEXT)),
    "Tokens": _list(_object(service_request_id=ID, token={"type": "string"})),
}
