import type { IncomingMessage } from 'node:http';

/** Judges a request by its headers alone, before any of its body is read. */

export interface Refused {
  readonly status: number;
  /** For the log. */
  readonly why: string;
}

export const PATH = '/slack/events';

/** Bytes; far more than Slack sends. */
export const BODY_LIMIT = 1024 * 1024;

/** Slack's own limit for a request's age, which also holds for a clock that is ahead of ours. */
const AGE_SECONDS = 300;

const SIGNATURE = /^v0=[0-9a-f]{64}$/;

const TYPES = ['application/json', 'application/x-www-form-urlencoded'];

/** null = its body may be read, and its signature decides. */
export function judgeHeaders({ method, url, headers }: IncomingMessage, now: Date): Refused | null {
  if (url?.split('?')[0] !== PATH || method !== 'POST') return refuse(404, `expected POST ${PATH}`);
  if (Number(headers['content-length'] ?? 0) > BODY_LIMIT) return tooLong;
  if (!SIGNATURE.test(String(headers['x-slack-signature']))) return refuse(401, 'no signature');
  const timestamp = String(headers['x-slack-request-timestamp']);
  const aheadSeconds = Number(timestamp) - Math.floor(now.getTime() / 1000);
  if (!/^\d{1,12}$/.test(timestamp)) return refuse(401, 'no timestamp');
  if (aheadSeconds > AGE_SECONDS) return refuse(401, 'its timestamp is in the future');
  if (aheadSeconds < -AGE_SECONDS) return refuse(401, 'its timestamp is in the past');
  // A small compressed body could become a long one.
  if (headers['content-encoding'] !== undefined) return refuse(415, 'its body is encoded');
  return TYPES.includes(mediaType(headers)) ? null : refuse(415, 'neither JSON nor a form');
}

export const tooLong = refuse(413, `over ${BODY_LIMIT} bytes`);

/** Without parameters, such as `charset`. */
export function mediaType(headers: IncomingMessage['headers']): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function refuse(status: number, why: string): Refused {
  return { status, why };
}
