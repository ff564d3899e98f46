#!/usr/bin/env python3
"""Set a parameter and print the meters: set_and_meter.py ID VALUE [ws://127.0.0.1:8765/ws [TOKEN-FILE]]

Needs Debian's python3-websockets. What is said here stands in server/wire/PROTOCOL.md."""
import asyncio, json, os, struct, sys
import websockets

STATE = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
ID, VALUE = sys.argv[1], float(sys.argv[2])
URL = sys.argv[3] if len(sys.argv) > 3 else "ws://127.0.0.1:8765/ws"
TOKEN_FILE = sys.argv[4] if len(sys.argv) > 4 else STATE + "/jig/token"

async def main():
    with open(TOKEN_FILE) as file:
        auth = {"Authorization": "Bearer " + file.read().strip()}
    async with websockets.connect(URL, extra_headers=auth) as socket:
        async def tell(method, **params):
            await socket.send(json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params}))
        await tell("hello", client="set_and_meter", protocol=1)
        await tell("param.set", id=ID, value=VALUE)
        await tell("stream.subscribe", stream="meters", rateHz=5)
        async for message in socket:
            if isinstance(message, str):
                print(message)
                continue
            _, _, sub, seq, frame, _, _, channels, _, count = struct.unpack_from("<BBHIQIIHHI", message)
            floats = struct.unpack_from(f"<{count}f", message, 32)
            print(frame, *(f"{peak:.3f}" for peak in floats[::count // channels]))
            await socket.send(json.dumps({"jsonrpc": "2.0", "method": "stream.ack", "params": {"acks": [[sub, seq]]}}))

asyncio.run(main())
