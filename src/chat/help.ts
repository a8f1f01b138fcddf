import { find, type Menu, offered, refuseTopic, surfaceOf } from './choose.ts';
import { listed } from './lists.ts';
import { type Block, type Button, bold, code, type Message, note, paragraph } from './message.ts';
import { exitCodesOf, optionsOf, spelling } from './options.ts';
import { answer, type Reply } from './reply.ts';
import { type Request, type Subcommand, type Surface, typed, usageOn } from './subcommand.ts';
import { within } from './waiting.ts';

/** `help`: lists what can be typed, with examples from the caller's servers if they are read in time. */

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

/** Help waits this long for the data; then it uses the subcommands' own examples. */
const PATIENCE_MS = 400;

const NOTHING: Examples = { servers: [], client: null };

export interface HelpParts {
  /** Every subcommand, on every surface. */
  readonly subcommands: readonly Subcommand[];
  /** Reads the data for the examples; parts that cannot be read are left out. */
  readonly examples: () => Promise<Examples>;
}

export const helpCommand: Subcommand<HelpParts> = {
  name: 'help',
  usage: 'help [<subcommand>]',
  summary: 'Lists what you can type here.',
  example: 'help',
  surfaces: ['slack', 'terminal'],
  needs: [],
  isForAll: true,
  run: help,
};

async function help(
  { words, caller }: Request,
  { subcommands, examples }: HelpParts,
): Promise<Reply> {
  const surface = surfaceOf(caller);
  const menu = { subcommands, surface };
  const inTime = () => within(examples(), PATIENCE_MS, () => NOTHING);
  const topic = words[0];
  if (topic === undefined) {
    const rows = offered(menu).map((one) => rowOf(one, surface));
    return answer(helpMessage(menu, await inTime()), rows);
  }
  const subcommand = find(topic, menu);
  if (subcommand === undefined) return refuseTopic(topic, menu);
  const message = subcommandHelp(subcommand, surface, await inTime());
  return answer(message, [rowOf(subcommand, surface)]);
}

function rowOf(subcommand: Subcommand, surface: Surface): object {
  const { name, summary } = subcommand;
  return { name, usage: usageOn(subcommand, surface), summary };
}

/** Every subcommand of one surface, with a line to try for each. */
export function helpMessage(menu: Menu, examples: Examples): Message {
  const { surface } = menu;
  const subcommands = offered(menu);
  const blocks: Block[] = [{ kind: 'heading', text: HEADLINE }, ...firstTry(examples, surface)];
  for (const one of subcommands) {
    const call = code(typed(ownExample(one.example, examples), surface));
    blocks.push(paragraph(code(usageOn(one, surface)), `\n${one.summary}\nTry `, call));
  }
  blocks.push(
    ...sayServers(examples, surface),
    note('Details of one subcommand: ', code(typed('help why', surface))),
    ...(surface === 'slack' ? [sayThreads()] : []),
    ...(surface === 'slack' ? [{ kind: 'buttons', buttons: tries(examples) } as const] : []),
  );
  return { headline: `hostcache help: ${subcommands.map(({ name }) => name).join(', ')}`, blocks };
}

/** The answer to a mention of the bot without a line. */
export function mentionHelp(): Message {
  return {
    headline: HEADLINE,
    blocks: [
      paragraph(
        'Ask why a client is refused: ',
        code(`@hostcache why ${EXAMPLE.client}`),
        ', or paste the whole error message after ',
        code('@hostcache'),
        '. To list what you can type: ',
        code('@hostcache help'),
        '.',
      ),
    ],
  };
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
      { kind: 'statement', text: typed(usageOn(subcommand, surface), surface) },
      paragraph('Try ', code(call)),
      ...(surface === 'terminal' ? terminalHelp(subcommand) : []),
      ...sayServers(examples, surface),
    ],
  };
}

/** The options of the subcommand, and its exit codes. */
function terminalHelp(subcommand: Subcommand): readonly Block[] {
  const options = optionsOf(subcommand).map(
    (option) => [spelling(option), option.summary] as const,
  );
  return [
    paragraph(bold('Options')),
    { kind: 'statement', text: aligned(options) },
    paragraph(bold('Exit codes')),
    { kind: 'statement', text: aligned(exitCodesOf(subcommand)) },
  ];
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, meaning]) => `${name.padEnd(width)}  ${meaning}`).join('\n');
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

function sayThreads(): Block {
  const call = code(`@hostcache why ${EXAMPLE.client}`);
  return note('Slack has no commands in threads. Mention the bot there, for all to read: ', call);
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
