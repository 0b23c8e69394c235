"""Writes messages.json: messages and what JSON-RPC 2.0 and the Model Context Protocol ask of their answers.

The codes are those of https://modelcontextprotocol.io/specification/2026-07-28/basic and /basic/versioning.
code: of the error; null for a result; 0 for no answer. id: of the answer; null where it has none.
"""
import json, pathlib

P = "io.modelcontextprotocol/"
META = {P + "protocolVersion": "2026-07-28", P + "clientCapabilities": {}}
rows = []


def row(name, message, code=None, id=1):
    rows.append({"name": name, "message": message, "code": code, "id": id})


def request(method, params=None, id=1, **more):
    message = {"jsonrpc": "2.0", "id": id, "method": method, **more}
    if params is not None:
        message["params"] = params
    return message


def modern(method, **params):
    return request(method, {"_meta": META, **params})


# Not JSON, not a message.
for text in ["", " ", "x", "{", "{}}", "{\"a\":}", "NaN", "'a'", "[" * 600 + "]" * 600]:
    if text.strip():
        row(f"not JSON: {text[:20]}", text, -32700 if not text.startswith("[") else -32700, None)
for text in ["1", "null", "true", "\"a\""]:
    row(f"no object: {text}", text, -32600, None)
row("an empty object", {}, -32600, None)
row("a batch", [request("ping")], -32600, None)
row("an empty batch", [], -32600, None)
row("a batch of 51", [request("ping", id=i) for i in range(51)], -32600, None)
# jsonrpc, id, method, params.
row("no jsonrpc", {"id": 1, "method": "ping"}, -32600, 1)
row("jsonrpc 1.0", {"jsonrpc": "1.0", "id": 1, "method": "ping"}, -32600, 1)
row("jsonrpc a number", {"jsonrpc": 2.0, "id": 1, "method": "ping"}, -32600, 1)
row("id null", request("ping", id=None), -32600, None)
row("id a fraction", request("ping", id=1.5), -32600, None)
row("id true", request("ping", id=True), -32600, None)
row("id a list", request("ping", id=[1]), -32600, None)
row("id beyond 64 bits", '{"jsonrpc": "2.0", "id": 99999999999999999999, "method": "ping"}', -32600, None)
row("id a string", request("ping", id="a"), None, "a")
row("id an empty string", request("ping", id=""), None, "")
row("id negative", request("ping", id=-3), None, -3)
row("id of 63 bits", request("ping", id=2**63 - 1), None, 2**63 - 1)
row("no method", {"jsonrpc": "2.0", "id": 1}, -32600, 1)
row("method a number", request(5), -32600, 1)
row("params a list", request("ping", []), -32602, 1)
row("params a string", request("tools/list", "a"), -32602, 1)
row("an answer", {"jsonrpc": "2.0", "id": 1, "result": {}}, -32600, None)
row("an error", {"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": ""}}, -32600, None)
# Notifications have no answer.
for method in ["notifications/initialized", "notifications/cancelled", "notifications/x", "tools/list", "x"]:
    row(f"notification {method}", {"jsonrpc": "2.0", "method": method}, 0)
row("cancelled", {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 9}}, 0)
row("cancelled oddly", {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": {}}}, 0)
row("notification with bad params", {"jsonrpc": "2.0", "method": "x", "params": 5}, 0)
# The stateless era.
row("discover", modern("server/discover"))
row("list", modern("tools/list"))
row("call", modern("tools/call", name="describe_model"))
row("call with arguments", modern("tools/call", name="describe_model", arguments={}))
row("members unknown to us", modern("tools/list", more={"a": [1, {"b": None}]}))
row("discover without _meta", request("server/discover"), -32602)
row("discover with an empty _meta", request("server/discover", {"_meta": {}}), -32602)
row("no capabilities", request("tools/list", {"_meta": {P + "protocolVersion": "2026-07-28"}}), -32602)
row("no version", request("tools/list", {"_meta": {P + "clientCapabilities": {}}}), -32602)
row("client info alone", request("tools/list", {"_meta": {P + "clientInfo": {"name": "a", "version": "1"}}}), -32602)
row("version a number", request("tools/list", {"_meta": {**META, P + "protocolVersion": 2026}}), -32602)
row("capabilities a list", request("tools/list", {"_meta": {**META, P + "clientCapabilities": []}}), -32602)
row("capabilities null", request("tools/list", {"_meta": {**META, P + "clientCapabilities": None}}), -32602)
for version in ["1900-01-01", "2025-11-25", "", "2026-07-28 ", "draft"]:
    row(f"version {version!r}", request("tools/list", {"_meta": {**META, P + "protocolVersion": version}}), -32022)
for method in ["ping", "resources/list", "prompts/list", "logging/setLevel", "subscriptions/listen", "tasks/get",
               "completion/complete", "tools/List", "x", ""]:
    row(f"modern {method}", modern(method), -32601)
row("an unknown tool", modern("tools/call", name="rm"), -32602)
row("no tool", modern("tools/call"), -32602)
row("tool a number", modern("tools/call", name=3), -32602)
row("arguments a list", modern("tools/call", name="describe_model", arguments=[]), -32602)
row("arguments null", modern("tools/call", name="describe_model", arguments=None))
row("a faulty argument is the tool's matter", modern("tools/call", name="describe_model", arguments={"modle": 1}))
row("an unknown cursor", modern("tools/list", cursor="x"), -32602)
row("no cursor", modern("tools/list", cursor=None))
# The eras before.
row("ping", request("ping"))
row("ping with params", request("ping", {}))
row("legacy list", request("tools/list"))
row("legacy list with a progress token", request("tools/list", {"_meta": {"progressToken": 5}}))
row("_meta a string", request("tools/list", {"_meta": "x"}))
row("legacy call", request("tools/call", {"name": "describe_model"}))
row("legacy unknown method", request("resources/list"), -32601)
row("initialize without a version", request("initialize", {}), -32602)
row("initialize with nothing", request("initialize"), -32602)
row("initialize with _meta", modern("initialize", protocolVersion="2025-11-25"))

path = pathlib.Path(__file__).parent / "messages.json"
path.write_text(json.dumps(rows, indent=0, ensure_ascii=True) + "\n")
