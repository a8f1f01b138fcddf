// Parses the command line of the demo.
import { parseArgs } from 'node:util';

export type Options =
  | {
      readonly kind: 'good';
      /** Stays up even without a terminal. */
      readonly stay: boolean;
      /** The second story: what a change would do to a fleet. */
      readonly plan: boolean;
      /** The port of the page; undefined = any free port. */
      readonly port: number | undefined;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly why: string };

const USAGE = 'npm run demo -- [--plan] [--stay] [--port <1-65535>]';

export const HELP = `Starts a MySQL server, a scripted DNS, a local Slack workspace and the bot, plays a story,
then sets you a task in a web page. Needs no Slack account and no database; installs nothing.

    ${USAGE}

    --plan         plays the other story: a change that is planned before it is made
    --port <n>     the port of the page; otherwise any free one
    --stay         keeps running when there is no terminal; Ctrl-C stops it

The page is only reachable from this machine. From another one, forward its port, then open the same address there:

    ssh -L <port>:127.0.0.1:<port> <this machine>

The first time, a MySQL server is unpacked from Debian packages into ~/.cache/hostcache (about a minute).
MYSQLD=<path of a mysqld> uses that server instead.`;

export function readOptions(words: readonly string[]): Options {
  const { tokens } = parseArgs({
    args: [...words],
    options: {
      plan: { type: 'boolean' },
      stay: { type: 'boolean' },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  });
  const flags = { stay: false, plan: false };
  let port: number | undefined;
  for (const token of tokens) {
    const flag = token.kind === 'option' && token.value === undefined ? token.name : null;
    if (flag === 'help') return { kind: 'help' };
    if (flag === 'stay' || flag === 'plan') flags[flag] = true;
    else if (token.kind === 'option' && token.name === 'port') {
      port = Number(/^\d{1,5}$/.exec(token.value ?? '')?.[0] ?? 0);
      if (port < 1 || port > 65_535) {
        return wrong(`--port: expected 1 to 65535, got ${JSON.stringify(token.value ?? '')}`);
      }
    } else {
      const word = words[token.index] ?? '';
      return wrong(`expected ${USAGE}, got ${JSON.stringify(word)}`);
    }
  }
  return { kind: 'good', ...flags, port };
}

function wrong(why: string): Options {
  return { kind: 'wrong', why };
}
