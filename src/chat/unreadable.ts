/** Something that was asked refused or did not answer. The message is a sentence for a DBA. */
export interface Unreadable extends Error {
  readonly kind: 'unreadable';
}

export function createUnreadable(message: string, cause?: unknown): Unreadable {
  return Object.assign(new Error(message, { cause }), { kind: 'unreadable' as const });
}

/** The error code of Node or a driver; null = the error has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

export function isUnreadable(error: unknown): error is Unreadable {
  return error instanceof Error && 'kind' in error && error.kind === 'unreadable';
}
