/** What a half-typed line could become: pure. */
import type { Completion } from '../shape.ts';

export interface Suggestion {
  /** The whole line, if it is taken. */
  readonly line: string;
  readonly label: string;
  readonly says: string;
}

const COMMAND = '/hostcache';

/** Empty: nothing to suggest. */
export function suggestionsFor(
  typed: string,
  completions: readonly Completion[],
): readonly Suggestion[] {
  const isBeginning = typed.startsWith('/') && COMMAND.startsWith(typed);
  if (isBeginning) {
    const says = 'Why does MySQL refuse this client?';
    return [{ line: `${COMMAND} `, label: COMMAND, says }];
  }
  const [, before = '', word = ''] = /^(\/hostcache +(?:help +)?)([a-z]*)$/.exec(typed) ?? [];
  if (before === '') return [];
  return completions
    .filter(({ name }) => name.startsWith(word) && name !== word)
    .map(({ name, usage, summary }) => ({
      line: `${before}${name} `,
      label: before.includes('help') ? name : usage,
      says: summary,
    }));
}

/** How the subcommand that stands there is typed; null = none stands there yet. */
export function usageFor(typed: string, completions: readonly Completion[]): string | null {
  const [, word] = /^\/hostcache +([a-z]+)/.exec(typed) ?? [];
  return completions.find(({ name }) => name === word)?.usage ?? null;
}
