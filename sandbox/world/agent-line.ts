/** The parent's side of the channel to the agent: sends orders, and answers the server's DNS questions. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { DnsServer } from '../dns.ts';
import type { FromAgent, OrderName, Orders, ToAgent } from './messages.ts';

export interface Agent {
  order<Name extends OrderName>(
    name: Name,
    order: Orders[Name]['order'],
  ): Promise<Orders[Name]['answer']>;
  /** How the last started server ended; null = it runs, or none was started. */
  serverEnded(): string | null;
  /** Ends all processes inside and removes the folder. */
  leave(): Promise<void>;
}

interface Line {
  readonly child: ChildProcess;
  readonly dns: DnsServer | null;
  readonly waiting: Map<number, Waiting>;
  serverEnded: string | null;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** The id for readiness; the ids of orders start at 1. */
const READY = 0;

/** Resolves when the agent is ready. */
export async function converse(child: ChildProcess, dns: DnsServer | null): Promise<Agent> {
  const line: Line = { child, dns, waiting: new Map(), serverEnded: null };
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  child.on('message', (message) => {
    // Messages of the agent's loader have no `kind`, so receive() ignores them.
    receive(line, message as FromAgent);
  });
  child.once('close', (code, signal) => {
    const why = errors.join('').trim().slice(-2000) || `${signal ?? `exit code ${code}`}`;
    const error = new Error(`The sandbox's namespace ended: ${why}`);
    for (const { reject } of line.waiting.values()) reject(error);
    line.waiting.clear();
  });
  await new Promise<unknown>((resolve, reject) => line.waiting.set(READY, { resolve, reject }));
  return createAgent(line);
}

function createAgent(line: Line): Agent {
  const { child, waiting } = line;
  let lastId = READY;
  const order: Agent['order'] = (name, content) => {
    const id = ++lastId;
    if (name === 'start') line.serverEnded = null;
    return new Promise((resolve, reject) => {
      // The agent answers each order with the type that Orders gives for its name.
      waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      // The name and the content belong to the same member of the union.
      send(line, { kind: 'order', id, name, order: content } as ToAgent, reject);
    });
  };
  return {
    order,
    serverEnded: () => line.serverEnded,
    async leave() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // After a local disconnect() Node does not emit `close`.
      const ended = once(child, 'exit');
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function receive(line: Line, message: FromAgent): void {
  switch (message.kind) {
    case 'ready':
      line.waiting.get(READY)?.resolve(null);
      line.waiting.delete(READY);
      return;
    case 'answer':
      line.waiting.get(message.id)?.resolve(message.answer);
      line.waiting.delete(message.id);
      return;
    case 'failure':
      line.waiting.get(message.id)?.reject(new Error(message.message));
      line.waiting.delete(message.id);
      return;
    case 'server-ended':
      line.serverEnded = message.how;
      return;
    case 'dns-question':
      void answerDns(line, message);
  }
}

async function answerDns(
  line: Line,
  { id, message, transport }: Extract<FromAgent, { kind: 'dns-question' }>,
): Promise<void> {
  const reply = await line.dns?.respond(Buffer.from(message), 'server', transport);
  send(line, { kind: 'dns-reply', id, message: reply ?? null }, () => undefined);
}

function send({ child }: Line, message: ToAgent, fail: (error: Error) => void): void {
  if (child.connected) child.send(message, (error) => error && fail(error));
  else fail(new Error("The sandbox's namespace has ended"));
}
