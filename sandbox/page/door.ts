/** Who may ask the page: itself, under its own address, and no other site that a browser has open. */
import type { IncomingMessage } from 'node:http';

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** An act is words of a person and little else. */
const BODY_BYTES = 100_000;

/** A foreign name for this address (DNS rebinding) and a foreign site are turned away. */
export function isOwn({ method, headers }: IncomingMessage, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  const isHere = headers.host === new URL(origin).host;
  const isForeign = headers.origin !== undefined && headers.origin !== origin;
  // A link in another page may lead here; a bookmark or a typed address is of no site.
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
  const isElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit;
  const isRead = method === 'GET';
  // Only a request that a page must ask leave for can act.
  const isJson = headers['content-type'] === 'application/json';
  return isHere && !isForeign && !isElsewhere && (isRead || (isJson && headers.origin === origin));
}

/** undefined: no JSON, or too much of it. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > BODY_BYTES) return undefined;
    chunks.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
