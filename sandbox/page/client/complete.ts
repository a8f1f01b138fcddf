/** Suggests completions of a half-typed line. */
import type { Completion } from '../shape.ts';

export interface Suggestion {
  /** The whole line after the suggestion is accepted. */
  readonly line: string;
  readonly label: string;
  readonly says: string;
}

/** How a line begins: the command, or a mention of the bot, which also works in a thread. */
const BEGINNINGS = ['/hostcache', '@hostcache'];

/** Empty = nothing to suggest. */
export function suggestionsFor(
  typed: string,
  completions: readonly Completion[],
): readonly Suggestion[] {
  const beginning = BEGINNINGS.find((one) => typed !== '' && one.startsWith(typed));
  if (beginning !== undefined) {
    const says = 'Why does MySQL refuse this client?';
    return [{ line: `${beginning} `, label: beginning, says }];
  }
  const [, before = '', word = ''] = /^([/@]hostcache +(?:help +)?)([a-z]*)$/.exec(typed) ?? [];
  if (before === '') return [];
  return completions
    .filter(({ name }) => name.startsWith(word) && name !== word)
    .map(({ name, usage, summary }) => ({
      line: `${before}${name} `,
      label: before.includes('help') ? name : usage,
      says: summary,
    }));
}

/** The usage of the subcommand in the line; null = the line has none yet. */
export function usageFor(typed: string, completions: readonly Completion[]): string | null {
  const [, word] = /^[/@]hostcache +([a-z]+)/.exec(typed) ?? [];
  return completions.find(({ name }) => name === word)?.usage ?? null;
}
