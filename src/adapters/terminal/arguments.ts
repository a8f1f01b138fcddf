import { parseArgs } from 'node:util';
import { OPTIONS } from '../../chat/options.ts';
import type { Request } from '../../chat/subcommand.ts';
import { nearest } from '../../chat/words.ts';
import { harmless } from './harmless.ts';

/** What was typed after `hostcache` in a shell. */
export interface Arguments {
  readonly words: readonly string[];
  readonly options: Request['options'];
  /** The options of the MySQL client that were given, by name. */
  readonly client: Readonly<Record<ClientOptionName, string | undefined>>;
  readonly colour: Colour;
  readonly isJson: boolean;
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
}

const CLIENT_OPTIONS = ['defaults-file', 'defaults-extra-file', 'login-path'] as const;
export type ClientOptionName = (typeof CLIENT_OPTIONS)[number];

const COLOURS = ['auto', 'always', 'never'] as const;
export type Colour = (typeof COLOURS)[number];

const PARSED = Object.fromEntries(
  OPTIONS.map(({ name, short, value }) => {
    const type = value === undefined ? ('boolean' as const) : ('string' as const);
    return [name, { type, ...(short !== undefined && { short }) }];
  }),
);

/** Parses the arguments; a string is why they are refused, in one sentence. */
export function parseArguments(argv: readonly string[]): Arguments | string {
  // Strict parsing throws its own texts; ours list the known options.
  const { tokens, positionals, values } = parseArgs({
    args: [...argv],
    options: PARSED,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    const fault = token.kind === 'option' ? faultOf(token) : null;
    if (fault !== null) return fault;
  }
  const textOf = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const colour = COLOURS.find((each) => each === (textOf('color') ?? 'auto'));
  if (colour === undefined) return `the option --color needs one of ${COLOURS.join(', ')}`;
  const [server, user] = [textOf('server'), textOf('user')];
  return {
    words: positionals,
    options: { ...(server !== undefined && { server }), ...(user !== undefined && { user }) },
    client: {
      'defaults-file': textOf('defaults-file'),
      'defaults-extra-file': textOf('defaults-extra-file'),
      'login-path': textOf('login-path'),
    },
    colour,
    isJson: values['json'] === true,
    wantsHelp: values['help'] === true,
    wantsVersion: values['version'] === true || positionals.join(' ') === 'version',
  };
}

/** `--login-path`, if any option of the MySQL client was given; undefined = none. */
export function clientOptionGiven({ client }: Pick<Arguments, 'client'>): string | undefined {
  const name = CLIENT_OPTIONS.find((each) => client[each] !== undefined);
  return name === undefined ? undefined : `--${name}`;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function faultOf({ name, rawName, value, inlineValue }: OptionToken): string | null {
  const option = OPTIONS.find((known) => known.name === name);
  if (option === undefined) return unknownOption(name, rawName);
  if (option.value === undefined) {
    return value === undefined ? null : `the option ${rawName} takes no value`;
  }
  const isSwallowed = inlineValue !== true && value?.startsWith('--') === true;
  return value === undefined || isSwallowed ? `the option ${rawName} needs a value` : null;
}

function unknownOption(name: string, rawName: string): string {
  const known = OPTIONS.map((option) => option.name);
  const near = nearest(name, known);
  const hint = near === null ? '; the' : `; did you mean --${near}? The`;
  const names = known.map((each) => `--${each}`).join(', ');
  return `unknown option ${harmless(rawName)}${hint} options are ${names}`;
}
