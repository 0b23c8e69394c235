"""HTTP and WebSocket by plain sockets, for clients that must be able to send what libraries do not."""
import asyncio, base64, json, struct

# Seconds that anything may take: what `hostile_clients.py` starts its server with, and more on a busy machine.
LIMIT_S, SLACK_S = 2, 20

class Socket:
    """A connection to the server, whose every wait has a limit."""
    def __init__(self, port): self.port = port

    async def __aenter__(self):
        self.reader, self.writer = await self.limited(asyncio.open_connection("127.0.0.1", self.port))
        return self

    async def __aexit__(self, *_):
        self.writer.close()
        try: await self.writer.wait_closed()
        except OSError: pass

    async def limited(self, wait): return await asyncio.wait_for(wait, 3 * LIMIT_S + SLACK_S)

    async def send(self, data):
        self.writer.write(data)
        await self.limited(self.writer.drain())

    async def read(self, count): return await self.limited(self.reader.readexactly(count))

    async def response(self, method="GET"):
        """Status, headers and body; None where the connection ends before."""
        try: head = await self.limited(self.reader.readuntil(b"\r\n\r\n"))
        except asyncio.IncompleteReadError as error:
            if error.partial: raise ValueError(f"half a head: {error.partial!r}") from error
            return None
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        if status == 100: return await self.response(method)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = 0 if method == "HEAD" else int(headers.get("content-length", 0))
        return status, headers, await self.read(length)

    async def ask(self, method, path, headers={}, body=b""):
        fields = {"Host": f"127.0.0.1:{self.port}", **({"Content-Length": len(body)} if body else {}), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        await self.send(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body)
        return await self.response(method)

def frame(kind, body, draw, last=True, length=None, masked=True, bits=0):
    length = len(body) if length is None else length
    head = bytes([kind | bits | (0x80 if last else 0)])
    mask = 0x80 if masked else 0
    if length < 126: head += bytes([mask | length])
    elif length < 65536: head += bytes([mask | 126]) + struct.pack(">H", length)
    else: head += bytes([mask | 127]) + struct.pack(">Q", length)
    if not masked: return head + body
    key = draw.randbytes(4)
    return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(body))

async def events(socket):
    """The texts of a stream, and the code that it closes with; None where it ends without."""
    texts = []
    try:
        while True:
            first, second = await socket.read(2)
            if first & 0x70 or second & 0x80: raise ValueError(f"a frame begins with {first:x} {second:x}")
            length = second
            if second >= 126: length = int.from_bytes(await socket.read(2 if second == 126 else 8), "big")
            body = await socket.read(length)
            if first & 15 == 1: texts.append(json.loads(body))
            if first & 15 == 8: return texts, int.from_bytes(body[:2], "big") if body else 1005
    except asyncio.IncompleteReadError: return texts, None

async def upgraded(socket, query=""):
    return await socket.ask("GET", "/v1/stream" + query, {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode()})
