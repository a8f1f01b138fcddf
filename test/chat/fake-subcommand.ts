import type { Guard } from '../../src/chat/guard.ts';
import type { Log } from '../../src/chat/log.ts';
import { text } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/reply.ts';
import type { Request, Subcommand } from '../../src/chat/subcommand.ts';

/** A subcommand that says what it was asked, and keeps it. */
export function createFakeSubcommand(
  name: string,
  surfaces: Subcommand['surfaces'],
  run: (request: Request) => Promise<Reply> = async () => spoken(name),
): Subcommand & { readonly asked: Request[] } {
  const asked: Request[] = [];
  return {
    name,
    usage: `${name} <client>`,
    summary: `Does ${name}.`,
    example: `${name} 192.0.2.7`,
    surfaces,
    needs: [],
    options: ['server', 'user'],
    asked,
    run: (request) => {
      asked.push(request);
      return run(request);
    },
  };
}

/** A reply of one plain line. */
export function spoken(headline: string, change: Partial<Reply> = {}): Reply {
  const message = { headline, blocks: [{ kind: 'text', spans: text(headline) }] } as const;
  return { messages: [message], rows: [{ headline }], exit: 0, isPublic: false, ...change };
}

/** Lets everybody in. */
export const openDoor: Guard = async () => null;

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>> | undefined;
}

/** A log that keeps its lines. */
export function createFakeLog(): Log & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: string): Log['info'] =>
    (message, facts) => {
      lines.push({ level, message, facts });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
