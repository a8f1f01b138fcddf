/** One thing that must be right for the bot to work; each adapter brings its own. */
export interface Check {
  /** What is looked at: `settings`, `Slack`, `main: reading account`. */
  readonly name: string;
  /** Rejects as `Unreadable` where what is needed does not answer. */
  run(): Promise<readonly CheckResult[]>;
}

/** Red: something does not work. Yellow: it works, with less or with more than it should. */
export type Level = 'green' | 'yellow' | 'red' | 'unanswered';

export interface CheckResult {
  readonly level: Level;
  /** One line. */
  readonly says: string;
  /** What to do about it; null = nothing. */
  readonly next: string | null;
  /** To copy, one after the other. */
  readonly statements: readonly string[];
}

export function green(says: string): CheckResult {
  return { level: 'green', says, next: null, statements: [] };
}

export function yellow(
  says: string,
  next: string,
  statements: readonly string[] = [],
): CheckResult {
  return { level: 'yellow', says, next, statements };
}

export function red(says: string, next: string, statements: readonly string[] = []): CheckResult {
  return { level: 'red', says, next, statements };
}

export function unanswered(says: string, next: string): CheckResult {
  return { level: 'unanswered', says, next, statements: [] };
}
