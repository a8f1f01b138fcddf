/** One check of doctor. Each adapter brings its own. */
export interface Check {
  /** What is checked: `settings`, `Slack`, `main: reading account`. */
  readonly name: string;
  /** Rejects as `Unreadable` if something that it needs does not answer. */
  run(): Promise<readonly CheckResult[]>;
}

/**
 * Red: something does not work. Yellow: it works, but has less or more than it should. Unanswered:
 * something did not answer, so the check has no result.
 */
export type Level = 'green' | 'yellow' | 'red' | 'unanswered';

export interface CheckResult {
  readonly level: Level;
  /** What was found, in one line. */
  readonly says: string;
  /** The next step; null = none is needed. */
  readonly next: string | null;
  /** Statements to run for the next step, in this order. */
  readonly statements: readonly string[];
}

export interface Checked extends CheckResult {
  readonly check: string;
}

export function green(says: string): CheckResult {
  return { level: 'green', says, next: null, statements: [] };
}

export const yellow = problem('yellow');
export const red = problem('red');
export const unanswered = problem('unanswered');

function problem(level: Level) {
  return (says: string, next: string, statements: readonly string[] = []): CheckResult => {
    return { level, says, next, statements };
  };
}
