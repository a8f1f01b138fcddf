// Parses the command line of the demo.
import { parseArgs } from 'node:util';

export type Options =
  | {
      readonly kind: 'good';
      /** Stays up even without a terminal. */
      readonly stay: boolean;
      /** The port of the page; undefined = any free port. */
      readonly port: number | undefined;
    }
  | { readonly kind: 'wrong'; readonly why: string };

const USAGE = 'npm run demo -- [--stay] [--port <1-65535>]';

export function readOptions(words: readonly string[]): Options {
  const { tokens } = parseArgs({
    args: [...words],
    options: { stay: { type: 'boolean' }, port: { type: 'string' } },
    strict: false,
    tokens: true,
  });
  let stay = false;
  let port: number | undefined;
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'stay' && token.value === undefined) stay = true;
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
  return { kind: 'good', stay, port };
}

function wrong(why: string): Options {
  return { kind: 'wrong', why };
}
