#!/usr/bin/env python3
"""Puts a latency on the wire: each direction is held back by half of it, and a connection's first byte by one more round
trip, which is what TCP's handshake would take.

  relay.py LISTEN_PORT TARGET_PORT MILLISECONDS

Nagle is off on both sides; chunks keep their order and their distance, so bandwidth is not limited.
"""

import asyncio
import socket
import sys


def nodelay(writer):
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


async def pump(reader, writer, half, first):
    """Passes on what comes, each chunk `half` after it came; the first one `first` later still."""
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue()

    async def deliver():
        while True:
            due, chunk = await queue.get()
            delay = due - loop.time()
            if delay > 0:
                await asyncio.sleep(delay)
            if chunk is None:
                break
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    task = asyncio.create_task(deliver())
    not_before = loop.time() + first
    try:
        while chunk := await reader.read(65536):
            queue.put_nowait((max(loop.time(), not_before) + half, chunk))
    except ConnectionError:
        pass
    queue.put_nowait((max(loop.time(), not_before) + half, None))
    try:
        await task
    except (ConnectionError, OSError):
        pass


async def main(listen, target, seconds):
    async def joined(reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        nodelay(writer), nodelay(far_writer)
        await asyncio.gather(
            pump(reader, far_writer, seconds / 2, seconds),
            pump(far_reader, writer, seconds / 2, 0),
        )
        writer.close(), far_writer.close()

    server = await asyncio.start_server(joined, "127.0.0.1", listen)
    async with server:
        await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) / 1000))
