"""Translates Gateway API HTTPRoute manifests (as JSON) to Martlet's configuration."""
from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

INFRASTRUCTURE = "gateway-conformance-infra"
SERVICES = {
    (INFRASTRUCTURE, "infra-backend-v1"), (INFRASTRUCTURE, "infra-backend-v2"),
    (INFRASTRUCTURE, "infra-backend-v3"),
    ("gateway-conformance-app-backend", "app-backend-v1"),
    ("gateway-conformance-app-backend", "app-backend-v2"),
    ("gateway-conformance-web-backend", "web-backend"),
}
# Gateways that the suite's base manifests define, with their listeners' ports.
BASE_GATEWAYS = {
    "same-namespace": [{"name": "http", "port": 80}],
    "all-namespaces": [{"name": "http", "port": 80}],
    "backend-namespaces": [{"name": "http", "port": 80}],
    "same-namespace-with-http-listener-on-8080": [{"name": "http", "port": 8080}],
}


@dataclass
class Translation:
    """A configuration as plain values, ready to be dumped as YAML."""

    document: dict = field(default_factory=dict)
    untranslatable: list[str] = field(default_factory=list)


def listener_name(gateway: str, port: int) -> str:
    return f"{gateway}-{port}"


def gateways_of(test: dict) -> dict[str, list[dict]]:
    found = dict(BASE_GATEWAYS)
    for gateway in test["gateways"]:
        found[gateway["metadata"]["name"]] = gateway["spec"]["listeners"]
    return found


def intersection(route_hosts: list[str], listener_host: str | None) -> list[str] | None:
    """The hosts of a route on a listener with a hostname; `None` when there is none at all."""
    if not listener_host:
        return route_hosts
    if not route_hosts:
        return [listener_host]
    found = []
    for host in route_hosts:
        if host == listener_host or covers(listener_host, host):
            found.append(host)
        elif covers(host, listener_host):
            found.append(listener_host)
    return found or None


def covers(wildcard: str, host: str) -> bool:
    return wildcard.startswith("*.") and host.removeprefix("*").endswith(wildcard[1:]) \
        and host != wildcard


def translate(test: dict, urls: dict[str, str], granted: set[tuple[str, str]]) -> Translation:
    result = Translation()
    listeners: dict[str, str] = {}
    routes: list[dict] = []
    upstreams: dict[str, object] = dict(urls)
    gateways = gateways_of(test)
    for manifest in test["routes"]:
        spec, meta = manifest["spec"], manifest["metadata"]
        for position, parent in enumerate(spec["parentRefs"]):
            attached: dict[str, list[str]] = {}
            for listener in gateways.get(parent["name"], []):
                if parent.get("sectionName", listener["name"]) != listener["name"] \
                        or parent.get("port", listener["port"]) != listener["port"]:
                    continue
                hosts = intersection(spec.get("hostnames", []), listener.get("hostname"))
                if hosts is not None:
                    name = listener_name(parent["name"], listener["port"])
                    attached.setdefault(name, []).extend(hosts)
            for name, hosts in attached.items():
                listeners[name] = "127.0.0.1:0"
                prefix = f"{meta['name']}-{position}-{name}"
                for index, rule in enumerate(spec.get("rules", [])):
                    for number, match in enumerate(rule.get("matches") or [{}]):
                        route = {"name": f"{prefix}-{index}-{number}", "listeners": [name],
                                 "match": match_of(match, hosts)}
                        action(rule, meta["namespace"], granted, route, upstreams, result)
                        routes.append(route)
    result.document = {"workers": 1, "admin": "127.0.0.1:0", "listeners": listeners,
                       "upstreams": upstreams, "routes": routes}
    return result


def match_of(match: dict, hosts: list[str]) -> dict:
    path = match.get("path", {"type": "PathPrefix", "value": "/"})
    value = path["value"]
    result: dict = {"path": value} if path["type"] == "Exact" \
        else {"prefix": value.rstrip("/") or "/"}
    if hosts:
        result["host"] = sorted(set(hosts))
    if "method" in match:
        result["methods"] = [match["method"]]
    for key, name in (("headers", "headers"), ("queryParams", "query")):
        if key in match:
            result[name] = {test["name"]: test["value"] for test in match[key]}
    return result


def action(rule: dict, namespace: str, granted: set[tuple[str, str]], route: dict,
           upstreams: dict[str, object], result: Translation) -> None:
    backends = rule.get("backendRefs") or []
    filters = list(rule.get("filters", []))
    if len(backends) == 1:
        filters += backends[0].get("filters", [])
    elif any("filters" in backend for backend in backends):
        result.untranslatable.append("filters of one backend among several")
    for item in filters:
        apply_filter(item, route, result)
    for key in ("retry", "sessionPersistence"):
        if key in rule:
            result.untranslatable.append(key)
    timeouts = rule.get("timeouts", {})
    limit = timeouts.get("backendRequest") or timeouts.get("request")
    if limit and limit != "0s":
        route["timeouts"] = {"response": limit}
    if "redirect" in route:
        return
    usable = [b for b in backends if is_usable(b, namespace, granted)]
    if not usable:
        # Gateway API: a rule whose backends do not resolve is answered 500.
        for key in ("rewrite", "headers", "host", "timeouts"):
            route.pop(key, None)
        route["respond"] = 500
    elif len(usable) == 1:
        route["upstream"] = usable[0]["name"]
    else:
        name = "-".join(b["name"] for b in usable)
        upstreams[name] = {"endpoints": [
            {"url": upstreams[b["name"]], "weight": b.get("weight", 1)} for b in usable]}
        route["upstream"] = name


def is_usable(backend: dict, namespace: str, granted: set[tuple[str, str]]) -> bool:
    key = (backend.get("namespace", namespace), backend["name"])
    return backend.get("kind", "Service") == "Service" and key in SERVICES \
        and (key[0] == namespace or key in granted)


def apply_filter(item: dict, route: dict, result: Translation) -> None:
    kind = item["type"]
    if kind == "RequestHeaderModifier":
        route.setdefault("headers", {})["request"] = edits(item["requestHeaderModifier"])
    elif kind == "ResponseHeaderModifier":
        route.setdefault("headers", {})["response"] = edits(item["responseHeaderModifier"])
    elif kind == "RequestRedirect":
        redirect = item["requestRedirect"]
        route["redirect"] = {"status": redirect.get("statusCode", 302)}
        for key, name in (("scheme", "scheme"), ("hostname", "host"), ("port", "port")):
            if key in redirect:
                route["redirect"][name] = redirect[key]
        route["redirect"].update(path_change(redirect.get("path")))
    elif kind == "URLRewrite":
        rewrite = item["urlRewrite"]
        if "hostname" in rewrite:
            route["host"] = rewrite["hostname"]
        if change := path_change(rewrite.get("path")):
            route["rewrite"] = change
    else:
        result.untranslatable.append(kind)


def edits(modifier: dict) -> dict:
    result: dict = {}
    for key in ("set", "add"):
        if key in modifier:
            result[key] = {pair["name"]: pair["value"] for pair in modifier[key]}
    if "remove" in modifier:
        result["remove"] = modifier["remove"]
    return result


def path_change(path: dict | None) -> dict:
    if not path:
        return {}
    if path["type"] == "ReplaceFullPath":
        return {"path": path["replaceFullPath"]}
    return {"prefix": path["replacePrefixMatch"]}


def location_problems(location: str, request_host: str, case: dict) -> list[str]:
    """Compares a Location with what a case expects, default ports being as good as none."""
    request, expected = case["Request"], case["RedirectRequest"]
    found = urlsplit(urljoin(f"http://{request_host}{request['Path']}", location))
    scheme = expected.get("Scheme") or "http"
    default = {"http": 80, "https": 443}[scheme]
    port = int(expected["Port"]) if expected.get("Port") else default
    wanted = {"scheme": scheme, "host": expected.get("Host") or request_host.split(":")[0],
              "port": port, "path": expected.get("Path") or request["Path"]}
    actual = {"scheme": found.scheme, "host": found.hostname,
              "port": found.port or {"http": 80, "https": 443}.get(found.scheme),
              "path": found.path}
    return [f"{key}: {actual[key]!r}, expected {value!r}" for key, value in wanted.items()
            if actual[key] != value]
