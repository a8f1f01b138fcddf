import type { Subcommand } from './subcommand.ts';

/**
 * The options of the terminal, in the order of help. Parsing, help, completion and the manual page
 * are made from this list.
 */

export interface Option {
  readonly name: string;
  readonly short?: string;
  /** `<file>`, or the words that it may be, separated by `|`; absent = it takes no value. */
  readonly value?: string;
  readonly summary: string;
  readonly isFor: (subcommand: Subcommand) => boolean;
}

const always = () => true;
const hasAnswer = ({ isVerbatim, needs }: Subcommand) =>
  isVerbatim !== true && !needs.includes('slack');
/** A command that starts the bot logs in only as the settings say. */
const logsIn = ({ needs }: Subcommand) => needs.includes('mysql');

export const OPTIONS: readonly Option[] = [
  {
    name: 'server',
    value: '<server>',
    summary: 'the same as "on <server>"',
    isFor: ({ options }) => options?.includes('server') === true,
  },
  {
    name: 'user',
    value: '<account name>',
    summary: 'the same as "as <account name>"',
    isFor: ({ options }) => options?.includes('user') === true,
  },
  {
    name: 'json',
    summary: 'prints one JSON object a line',
    isFor: hasAnswer,
  },
  {
    name: 'defaults-file',
    value: '<file>',
    summary: 'reads only this option file of the MySQL client',
    isFor: logsIn,
  },
  {
    name: 'defaults-extra-file',
    value: '<file>',
    summary: 'reads this option file too, before ~/.my.cnf',
    isFor: logsIn,
  },
  {
    name: 'login-path',
    value: '<name>',
    summary: 'logs in as this login path of ~/.mylogin.cnf',
    isFor: logsIn,
  },
  {
    name: 'color',
    value: 'auto|always|never',
    summary: 'bold and colours; auto: on a terminal, without NO_COLOR',
    isFor: hasAnswer,
  },
  { name: 'help', short: 'h', summary: 'says what can be typed', isFor: always },
  { name: 'version', short: 'V', summary: 'prints the version', isFor: () => false },
];

export function optionsOf(subcommand: Subcommand): readonly Option[] {
  return OPTIONS.filter(({ isFor }) => isFor(subcommand));
}

/** `-h, --help` or `--server=<server>`. */
export function spelling({ name, short, value }: Option): string {
  const long = value === undefined ? `--${name}` : `--${name}=${value}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

/** The exit codes of a subcommand, each with its meaning. */
export function exitCodesOf({ exits }: Subcommand): readonly (readonly [string, string])[] {
  const [done, found] = exits ?? ['done', null];
  return [
    ['0', done],
    ...(found === null ? [] : [['1', found] as const]),
    ['2', 'invalid input or settings, unknown server'],
    ['3', 'something that is needed did not answer: MySQL, Slack, a port, the state'],
  ];
}
