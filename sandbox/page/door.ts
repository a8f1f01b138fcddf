/** Decides which HTTP requests the page answers: its own, and none of another site in the browser. */
import type { IncomingMessage } from 'node:http';

/** Nothing from another origin, nothing inline, and no site may frame the page. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** The largest body of an act, in bytes. */
const BODY_BYTES = 100_000;

/** False for another host name that leads to this address (DNS rebinding), and for another site. */
export function isOwn({ method, headers }: IncomingMessage, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  const isHere = headers.host === new URL(origin).host;
  const isForeign = headers.origin !== undefined && headers.origin !== origin;
  // A link in another page may lead here. For a bookmark or a typed address the site is `none`.
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
  const isElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit;
  const isRead = method === 'GET';
  // A browser sends JSON to another origin only after a preflight, which this server never grants.
  const isJson = headers['content-type'] === 'application/json';
  return isHere && !isForeign && !isElsewhere && (isRead || (isJson && headers.origin === origin));
}

/** undefined = not JSON, or more than BODY_BYTES. */
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
