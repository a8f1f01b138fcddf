// Serves one assistant over stdin and stdout until stdin ends. Does I/O.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpServer, type McpServerParts } from './server.ts';

/** Resolves when stdin has ended and every call before its end is answered. */
export async function serveStdio({ version, answer }: McpServerParts): Promise<void> {
  const running = new Set<Promise<unknown>>();
  const server = createMcpServer({
    version,
    answer: (request) => {
      const work = answer(request);
      running.add(work);
      return work.finally(() => running.delete(work));
    },
  });
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    // A message over the transport's limit ends it.
    server.onclose = resolve;
  });
  await server.connect(new StdioServerTransport());
  await ended;
  // A message becomes a call, and a result a message, within a turn.
  await nextTurn();
  while (running.size > 0) {
    await Promise.all(running);
    await nextTurn();
  }
  await server.close();
}
