#!/usr/bin/env python3
"""Asks `valence mcp` through real clients of the Model Context Protocol, and holds every message to the
published schemas; see README.md.

    python check_mcp.py .build/release/valence MODEL AUDIO.wav --results Results
    python check_mcp.py .build/release/valence MODEL AUDIO.wav --schemas modelcontextprotocol/schema
"""
import argparse
import asyncio
import base64
import json
import pathlib
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import jsonschema
from mcp import Client
from mcp.client.stdio import StdioServerParameters

MODES = ["auto", "legacy", "2026-07-28"]
LEGACY = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "check_mcp", "version": "1"},
}
faults = []
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        faults.append(what)
        print("FAULT:", what, flush=True)


def predicted(valence, model, audio, *more):
    run = subprocess.run([valence, "predict", model, audio, "--json", *more], capture_output=True, check=True)
    return json.loads(run.stdout)


def same(answers, expected, what):
    check(len(answers) == len(expected), f"{what}: {len(answers)} answers, not {len(expected)}")
    for ours, theirs in zip(answers, expected):
        check(ours["prediction"] == theirs.get("prediction"), f"{what}: another class")
        for name, value in theirs["probabilities"].items():
            check(abs(ours["probabilities"][name] - value) <= 1e-5, f"{what}: {name} differs")


async def client(command, mode, options):
    """The PyPI client, which holds structured results to their schemas by itself."""
    server = StdioServerParameters(command=options.valence, args=command, env={"PATH": "", "HOME": ""})
    async with Client(server, mode=mode) as session:
        tools = (await session.list_tools()).tools
        names = [tool.name for tool in tools]
        check(names == ["predict_emotion", "describe_model", "list_experiments", "compare"], f"{mode}: {names}")
        for tool in tools:
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        schemas = {tool.name: tool.output_schema for tool in tools}
        data = base64.b64encode(pathlib.Path(options.audio).read_bytes()).decode()
        expected = predicted(options.valence, options.model, options.audio)
        windows = predicted(options.valence, options.model, options.audio, "--windows")
        path = str(pathlib.Path(options.audio).resolve())
        for what, arguments, answers in [
            ("path", {"path": path}, expected),
            ("base64", {"audio_base64": data}, expected),
            ("windows", {"audio_base64": data, "windows": True}, windows),
        ]:
            result = await session.call_tool("predict_emotion", arguments)
            check(not result.is_error, f"{mode}: {what}: {result.content}")
            same(result.structured_content["answers"], answers, f"{mode}: {what}")
            jsonschema.validate(result.structured_content, schemas["predict_emotion"])
            check(json.loads(result.content[0].text) == result.structured_content, f"{mode}: {what}: text")
        card = await session.call_tool("describe_model", {})
        jsonschema.validate(card.structured_content, schemas["describe_model"])
        listed = await session.call_tool("list_experiments", {})
        check(listed.is_error == (options.results is None), f"{mode}: list_experiments: {listed.content}")
        if options.results:
            jsonschema.validate(listed.structured_content, schemas["list_experiments"])
            names = [entry["name"] for entry in listed.structured_content["experiments"]]
            if options.compare:
                compared = await session.call_tool("compare", {"experiments": options.compare})
                check(not compared.is_error, f"{mode}: compare: {compared.content}")
                jsonschema.validate(compared.structured_content, schemas["compare"])
                run = subprocess.run(
                    [options.valence, "compare", *options.compare, "--results", options.results, "--json"],
                    capture_output=True, check=True)
                check(json.loads(run.stdout) == compared.structured_content, f"{mode}: compare differs")
            print(f"{mode}: {len(names)} experiments")
        for arguments in [{}, {"path": "/nowhere.wav"}, {"audio_base64": "****"}, {"path": path, "hop_s": 0}]:
            refused = await session.call_tool("predict_emotion", arguments)
            check(refused.is_error and refused.content[0].text, f"{mode}: {arguments} is not refused")
    print(f"client in mode {mode}: done", flush=True)


class Raw:
    """A process that is spoken to line by line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={})

    def ask(self, message):
        text = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(text + b"\n")
        self.process.stdin.flush()
        return self.read()

    def read(self):
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        rest = self.process.stdout.read()
        return self.process.wait(timeout=10), rest


def validator(folder, version, name):
    schema = json.loads((pathlib.Path(folder) / version / "schema.json").read_text())
    key = "$defs" if "$defs" in schema else "definitions"
    if name not in schema[key]:
        return None
    kind = jsonschema.validators.validator_for(schema)
    return kind({**schema, "$ref": f"#/{key}/{name}"})


def messages(command, options):
    """Every message against the schema of its revision."""
    audio = base64.b64encode(pathlib.Path(options.audio).read_bytes()).decode()
    calls = [
        ("predict_emotion", {"audio_base64": audio}), ("predict_emotion", {"audio_base64": audio, "windows": True}),
        ("predict_emotion", {}), ("predict_emotion", {"path": 1}), ("describe_model", {}),
        ("list_experiments", {}), ("compare", {"experiments": ["?"]}),
    ]
    count = 0

    def hold(version, name, message):
        nonlocal count
        found = validator(options.schemas, version, name)
        check(found is not None, f"{version} has no {name}")
        for error in list(found.iter_errors(message))[:3] if found else []:
            check(False, f"{version}: {name}: {error.message[:300]}")
        count += 1

    server = Raw(command)
    number = 0

    def modern(method, **params):
        nonlocal number
        number += 1
        return {"jsonrpc": "2.0", "id": number, "method": method, "params": {"_meta": META, **params}}

    for request, name in [(modern("server/discover"), "DiscoverResultResponse"),
                          (modern("tools/list"), "ListToolsResultResponse")]:
        hold("2026-07-28", name, server.ask(request))
    for tool, arguments in calls:
        hold("2026-07-28", "CallToolResultResponse", server.ask(modern("tools/call", name=tool, arguments=arguments)))
    wrong = {**modern("tools/list")}
    wrong["params"] = {"_meta": {**META, "io.modelcontextprotocol/protocolVersion": "1900-01-01"}}
    hold("2026-07-28", "UnsupportedProtocolVersionError", server.ask(wrong))
    for message in [modern("ping"), modern("tools/call", name="x"), {"jsonrpc": "2.0", "id": 1}, b"{", b"\xff",
                    b"[]", {"jsonrpc": "2.0", "id": None, "method": "ping"}]:
        hold("2026-07-28", "JSONRPCErrorResponse", server.ask(message))
    check(server.end() == (0, b""), "the modern session does not end as it should")

    for version in LEGACY:
        server = Raw(command)
        answer = server.ask({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}})
        check(answer["result"]["protocolVersion"] == version, f"{version} is answered by another")
        hold(version, "InitializeResult", answer["result"])
        server.process.stdin.write(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        listed = server.ask({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        hold(version, "ListToolsResult", listed["result"])
        hold(version, "EmptyResult", server.ask({"jsonrpc": "2.0", "id": "p", "method": "ping"})["result"])
        for tool, arguments in calls:
            answer = server.ask({"jsonrpc": "2.0", "id": tool, "method": "tools/call",
                                 "params": {"name": tool, "arguments": arguments}})
            hold(version, "CallToolResult", answer["result"])
            hold(version, "JSONRPCMessage", answer)
        error = "JSONRPCErrorResponse" if version == "2025-11-25" else "JSONRPCError"
        hold(version, error, server.ask({"jsonrpc": "2.0", "id": 5, "method": "resources/list"}))
        check(server.end() == (0, b""), f"the session of {version} does not end as it should")
    print(f"{count} messages fit their schemas" if not faults else f"{count} messages")


def mutations(command, options):
    """Mutated messages to one process: a line of JSON or nothing for each, and it goes on."""
    seeds = [json.dumps(message).encode() for message in [
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
         "params": {"_meta": META, "name": "describe_model", "arguments": {}}},
        {"jsonrpc": "2.0", "id": "a", "method": "server/discover", "params": {"_meta": META}},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call",
         "params": {"name": "predict_emotion", "arguments": {"audio_base64": "UklGRg=="}}},
    ]]
    draw = random.Random(1)
    server = Raw(command)
    lines = []
    for index in range(options.mutations):
        text = bytearray(seeds[index % len(seeds)])
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(text))
            kind = draw.randrange(4)
            if kind == 0:
                text[place] = draw.randrange(256)
            elif kind == 1:
                del text[place]
            elif kind == 2:
                text.insert(place, draw.randrange(256))
            else:
                text[place:place] = text[draw.randrange(len(text)):][:30]
        lines.append(bytes(text).replace(b"\n", b" "))
    lines.append(b'{"jsonrpc": "2.0", "id": "last", "method": "ping"}')
    out, _ = server.process.communicate(b"\n".join(lines) + b"\n", timeout=600)
    answers = [json.loads(line) for line in out.splitlines()]
    check(any(answer.get("id") == "last" and "result" in answer for answer in answers), "no answer to the last")
    check(server.process.returncode == 0, f"exit status {server.process.returncode}")
    check(all(("result" in a) != ("error" in a) for a in answers), "an answer is neither result nor error")
    print(f"{options.mutations} mutated messages: {len(answers)} answers")


def mcpo(command, options):
    """mcpo, which serves the tools as OpenAPI."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [options.mcpo, "--host", "127.0.0.1", "--port", str(port), "--",
         options.valence, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    page = {"paths": {}}
    try:
        for _ in range(100):
            time.sleep(0.2)
            try:
                page = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json"))
                if "/predict_emotion" in page["paths"]:
                    break
            except (urllib.error.URLError, ConnectionError):
                continue
        check({"/predict_emotion", "/describe_model", "/list_experiments", "/compare"} <= set(page["paths"]),
              f"mcpo: {list(page['paths'])}")
        body = json.dumps({"path": str(pathlib.Path(options.audio).resolve())}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/predict_emotion", body, {"Content-Type": "application/json"})
        found = json.load(urllib.request.urlopen(request))
        same(found["answers"], predicted(options.valence, options.model, options.audio), "mcpo")
    finally:
        process.terminate()
        process.wait()
    print("mcpo: done")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("valence")
    parser.add_argument("model")
    parser.add_argument("audio")
    parser.add_argument("--results")
    parser.add_argument("--compare", action="append")
    parser.add_argument("--schemas", help="the folder schema/ of the specification's repository")
    parser.add_argument("--mcpo", help="the program mcpo, which needs an environment with mcp below 2")
    parser.add_argument("--mutations", type=int, default=20_000)
    options = parser.parse_args()
    options.valence = str(pathlib.Path(options.valence).resolve())
    command = ["mcp", str(pathlib.Path(options.model).resolve())]
    if options.results:
        command += ["--results", str(pathlib.Path(options.results).resolve())]
    for mode in MODES:
        asyncio.run(client(command, mode, options))
    if options.schemas:
        messages([options.valence, *command], options)
    mutations([options.valence, *command], options)
    if options.mcpo:
        mcpo(command, options)
    print(f"{checks} checks, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
