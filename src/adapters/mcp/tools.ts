import { z } from 'zod';
import type { TerminalRequest } from '../../chat/command.ts';
import { shorten } from '../../chat/words.ts';
import { CHANGES } from '../../plan/read-change.ts';
import { KINDS } from '../../sweep/list.ts';

/** The tools: what an assistant may ask, and the request that each call stands for. */

export interface Tool {
  /** The subcommand that answers it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** It asks no server, no DNS and no Slack. */
  readonly isOffline?: true;
  /** The request; a string says in one line what is wrong with the arguments. */
  readonly read: (args: unknown) => TerminalRequest | string;
}

interface ToolDefinition<Shape extends z.ZodRawShape>
  extends Pick<Tool, 'name' | 'title' | 'description' | 'isOffline'> {
  readonly shape: Shape;
  readonly request: (args: z.infer<z.ZodObject<Shape>>) => TerminalRequest;
}

function tool<Shape extends z.ZodRawShape>(definition: ToolDefinition<Shape>): Tool {
  const { shape, request, ...rest } = definition;
  const input = z.strictObject(shape);
  return {
    ...rest,
    input,
    read: (args) => {
      const parsed = input.safeParse(args);
      return parsed.success ? request(parsed.data) : sayWrong(parsed.error.issues);
    },
  };
}

function sayWrong(issues: readonly z.core.$ZodIssue[]): string {
  const faults = issues.map(({ path, message }) =>
    shorten([...path.map(String), message].join(': ')),
  );
  return `Wrong arguments: ${faults.join('; ')}.`;
}

/** Characters. An error message with its surroundings is shorter. */
const TEXT_LIMIT = 100_000;
const WORD_LIMIT = 255;

const CLIENT = z.string().min(1).max(WORD_LIMIT);

const SERVER = {
  server: z
    .string()
    .min(1)
    .max(WORD_LIMIT)
    .optional()
    .describe('The name of one configured MySQL server. Leave it out to ask all of them.'),
};

/** A client that is one word. Anything else is a pasted text, which is handed on as such. */
const ONE_CLIENT = /^[\w.:[\]%-]+$/;

export const TOOLS: readonly Tool[] = [
  tool({
    name: 'why',
    title: 'Why a client is refused',
    description:
      'Says why MySQL or MariaDB refuses a client, or that it does not, and what a flush of the host cache would change. Predicts with the accounts, the host cache and DNS as they are now.',
    shape: {
      client: z
        .string()
        .min(1)
        .max(TEXT_LIMIT)
        .describe(
          'An IPv4 or IPv6 address, a host name, or a whole error message in which the client is named.',
        ),
      user: z
        .string()
        .min(1)
        .max(WORD_LIMIT)
        .optional()
        .describe('The account name that the client logs in with, without a host: app.'),
      ...SERVER,
    },
    request: ({ client, user, server }) => ({
      ...(ONE_CLIENT.test(client)
        ? { words: ['why', client] }
        : { words: ['why'], text: client.trim() }),
      options: { ...(user !== undefined && { user }), ...(server !== undefined && { server }) },
    }),
  }),
  tool({
    name: 'plan',
    title: 'What a change would do',
    description:
      'Predicts what a change would do to every client that the server has seen: who loses access, who gets another account, and which statements to run first. It makes no change and stores nothing.',
    shape: {
      change: z
        .string()
        .min(1)
        .max(1000)
        .describe(`One of: ${CHANGES.join(', ')}. An account is written 'app'@'10.%'.`),
      ...SERVER,
    },
    request: ({ change, server }) => ({
      words: ['plan'],
      text: change.trim(),
      options: onServer(server),
    }),
  }),
  tool({
    name: 'accounts',
    title: 'Accounts that match a client',
    description:
      'Lists the accounts that a client could log in to, in the order in which the server tries them. Without a client: every host pattern with its accounts, the risky and useless ones marked.',
    shape: { client: CLIENT.optional().describe('An address or a host name.'), ...SERVER },
    request: ({ client, server }) => requestOf('accounts', client, server),
  }),
  tool({
    name: 'pending',
    title: 'Unfinished connections',
    description:
      'Lists the connections that have not finished authentication ("unauthenticated user"), with the step at which each one waits.',
    shape: SERVER,
    request: ({ server }) => requestOf('pending', undefined, server),
  }),
  tool({
    name: 'list',
    title: 'Host cache entries',
    description: 'Lists entries of the host cache, worst first.',
    shape: {
      kind: z
        .enum(KINDS)
        .optional()
        .describe(
          'blocked hosts, entries without a name (null), entries whose name DNS no longer gives (stale), entries with errors (the default), or all.',
        ),
      ...SERVER,
    },
    request: ({ kind, server }) => requestOf('list', kind, server),
  }),
  tool({
    name: 'audit',
    title: 'What accounts are used for',
    description:
      'Lists what every account is used for: from where, when last, which are risky, shadowed or unused.',
    shape: SERVER,
    request: ({ server }) => requestOf('audit', undefined, server),
  }),
  tool({
    name: 'timeline',
    title: 'History of a client',
    description:
      'Shows what the sweeps of the bot remember of one client: errors by kind over time, blocks, names, flushes, restarts.',
    shape: { client: CLIENT.describe('An address or a host name.'), ...SERVER },
    request: ({ client, server }) => requestOf('timeline', client, server),
  }),
  tool({
    name: 'explain',
    title: 'What an error message means',
    description:
      'Says what a pasted error message, log line, saved host cache or process list means, from the text alone. Asks no server.',
    shape: { text: z.string().min(1).max(TEXT_LIMIT).describe('The text, unchanged.') },
    isOffline: true,
    request: ({ text }) => ({ words: ['explain'], text, options: {} }),
  }),
  tool({
    name: 'doctor',
    title: 'Checks of the set-up',
    description:
      'Checks the settings, Slack, the servers, the grants of the reading account and DNS, each with the next step. Takes no arguments.',
    shape: {},
    request: () => requestOf('doctor', undefined, undefined),
  }),
];

/** Words stay words, so none becomes an option or another subcommand. */
function requestOf(
  name: string,
  word: string | undefined,
  server: string | undefined,
): TerminalRequest {
  return { words: [name, ...(word === undefined ? [] : [word])], options: onServer(server) };
}

function onServer(server: string | undefined): TerminalRequest['options'] {
  return server === undefined ? {} : { server };
}
