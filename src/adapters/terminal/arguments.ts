import { parseArgs } from 'node:util';
import type { Request } from '../../chat/subcommand.ts';
import { nearest } from '../../chat/words.ts';
import { harmless } from './harmless.ts';

/** What was typed after `hostcache` in a shell. */
export interface Arguments {
  readonly words: readonly string[];
  readonly options: Request['options'];
  readonly isJson: boolean;
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
}

const OPTIONS = {
  json: { type: 'boolean' },
  server: { type: 'string' },
  user: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Parses the arguments; a string is why they are refused, in one sentence. */
export function parseArguments(argv: readonly string[]): Arguments | string {
  // Strict parsing throws its own texts; ours list the known options.
  const { tokens, positionals, values } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    const fault = token.kind === 'option' ? faultOf(token) : null;
    if (fault !== null) return fault;
  }
  const { server, user, json, help, version } = values;
  return {
    words: positionals,
    options: {
      ...(typeof server === 'string' && { server }),
      ...(typeof user === 'string' && { user }),
    },
    isJson: json === true,
    wantsHelp: help === true,
    wantsVersion: version === true,
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function faultOf({ name, rawName, value, inlineValue }: OptionToken): string | null {
  const option = Object.entries(OPTIONS).find(([known]) => known === name)?.[1];
  if (option === undefined) return unknownOption(name, rawName);
  if (option.type === 'boolean') {
    return value === undefined ? null : `the option ${rawName} takes no value`;
  }
  const isSwallowed = inlineValue !== true && value?.startsWith('--') === true;
  return value === undefined || isSwallowed ? `the option ${rawName} needs a value` : null;
}

function unknownOption(name: string, rawName: string): string {
  const known = Object.keys(OPTIONS);
  const near = nearest(name, known);
  const hint = near === null ? '; the' : `; did you mean --${near}? The`;
  const names = known.map((each) => `--${each}`).join(', ');
  return `unknown option ${harmless(rawName)}${hint} options are ${names}`;
}
