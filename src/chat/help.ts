import { listed } from './lists.ts';
import { type Block, type Button, code, type Message, note, paragraph } from './message.ts';
import type { Subcommand } from './subcommand.ts';

/** Help texts, made from the list of subcommands, with examples from the caller's own servers. */

export type Surface = Subcommand['surfaces'][number];

/** The data for examples. */
export interface Examples {
  /** Names of the configured servers. */
  readonly servers: readonly string[];
  /** A client with a problem at the last sweep; null = none, or not known. */
  readonly client: ExampleClient | null;
}

export interface ExampleClient {
  readonly address: string;
  readonly server: string;
  /** The problem that the last sweep found: `blocked host`. */
  readonly trouble: string;
}

/** The words in the subcommands' own examples that `ownExample` replaces. */
const EXAMPLE = { client: '192.0.2.7', server: 'main' };

const SERVERS_NAMED = 5;

/** The heading of help and of App Home. */
export const HEADLINE = 'Why does MySQL refuse a client?';

/** Every subcommand of one surface, with a line to try for each. */
export function helpMessage(
  subcommands: readonly Subcommand[],
  surface: Surface,
  examples: Examples,
): Message {
  const blocks: Block[] = [{ kind: 'heading', text: HEADLINE }, ...firstTry(examples, surface)];
  for (const { usage, summary, example } of subcommands) {
    const call = typed(ownExample(example, examples), surface);
    blocks.push(paragraph(code(usage), `\n${summary}\nTry `, code(call)));
  }
  blocks.push(
    ...sayServers(examples, surface),
    note('Details of one subcommand: ', code(typed('help why', surface))),
    ...(surface === 'slack' ? [{ kind: 'buttons', buttons: tries(examples) } as const] : []),
  );
  return { headline: `hostcache help: ${subcommands.map(({ name }) => name).join(', ')}`, blocks };
}

/** One subcommand: its usage, what it does, and a line to try. */
export function subcommandHelp(
  subcommand: Subcommand,
  surface: Surface,
  examples: Examples,
): Message {
  const call = typed(ownExample(subcommand.example, examples), surface);
  return {
    headline: `hostcache ${subcommand.name}: ${subcommand.summary}`,
    blocks: [
      { kind: 'heading', text: subcommand.name },
      paragraph(subcommand.summary),
      { kind: 'statement', text: typed(subcommand.usage, surface) },
      paragraph('Try ', code(call)),
      ...sayServers(examples, surface),
    ],
  };
}

/** The line as typed on this surface: `/hostcache why …`, `hostcache why …`. */
export function typed(line: string, surface: Surface): string {
  return `${surface === 'slack' ? '/hostcache' : 'hostcache'} ${line}`;
}

/** The example with the caller's own client and server; without a client, their first server. */
function ownExample(example: string, { servers, client }: Examples): string {
  const server = client?.server ?? servers[0] ?? EXAMPLE.server;
  return example
    .replaceAll(EXAMPLE.client, client?.address ?? EXAMPLE.client)
    .replace(new RegExp(`\\bon ${EXAMPLE.server}\\b`), `on ${server}`);
}

function firstTry({ client }: Examples, surface: Surface): readonly Block[] {
  if (client === null) return [];
  const { address, server, trouble } = client;
  const call = code(typed(whyLine(client), surface));
  const says = ` shows why ${address} was a ${trouble} in the last sweep of ${server}.`;
  return [paragraph(call, says)];
}

function sayServers({ servers }: Examples, surface: Surface): readonly Block[] {
  const [, second] = servers;
  if (second === undefined) return [];
  const call = code(typed(`list blocked on ${second}`, surface));
  const names = listed(servers, SERVERS_NAMED);
  return [note(`Your servers: ${names}. Without "on", all of them are asked. To ask one: `, call)];
}

/** Buttons with lines that only read. */
function tries({ client }: Examples): readonly Button[] {
  const status = { label: 'status', line: 'status', says: 'Show each server at a glance' };
  if (client === null) return [status];
  const line = whyLine(client);
  return [{ label: line, line, says: `Ask what is wrong with ${client.address}` }, status];
}

function whyLine({ address, server }: ExampleClient): string {
  return `why ${address} on ${server}`;
}
