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
  | { readonly kind: 'wrong'; readonly why: string };

const USAGE = 'npm run demo -- [--plan] [--stay] [--port <1-65535>]';

export function readOptions(words: readonly string[]): Options {
  const { tokens } = parseArgs({
    args: [...words],
    options: { plan: { type: 'boolean' }, stay: { type: 'boolean' }, port: { type: 'string' } },
    strict: false,
    tokens: true,
  });
  const flags = { stay: false, plan: false };
  let port: number | undefined;
  for (const token of tokens) {
    const flag = token.kind === 'option' && token.value === undefined ? token.name : null;
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
