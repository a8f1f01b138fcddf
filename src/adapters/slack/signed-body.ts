import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPModuleFunctions } from '@slack/bolt';
import type { Holds } from './newcomers.ts';
import { BODY_LIMIT, mediaType, type Refused, refuse, tooLong } from './request-headers.ts';

/** Reads the body of a request, and verifies Slack's signature. Does I/O. */

export const tooMany = refuse(503, 'too many bodies at once');

export type Buffered = IncomingMessage & { readonly rawBody: Buffer };

export interface Verified {
  readonly request: Buffered;
  /** null = it cannot be parsed, which Bolt refuses. */
  readonly body: object | null;
}

/** The request with its body, read and parsed; why it is refused; null = the connection closed. */
export async function readVerified(
  request: IncomingMessage,
  response: ServerResponse,
  signingSecret: string,
  holds: Holds,
): Promise<Verified | Refused | null> {
  const { headers } = request;
  if (headers.expect !== undefined) response.writeContinue();
  const rawBody = await readSigned(request, signingSecret, holds);
  if (rawBody === null || !Buffer.isBuffer(rawBody)) return rawBody;
  // Bolt compares the whole header.
  headers['content-type'] = mediaType(headers);
  // Bolt accepts a request whose body was already read; see BufferedIncomingMessage.
  const buffered = Object.assign(request, { rawBody });
  const body = bodyOf(buffered);
  // Bolt reads fields of any body, so `null` would end the process.
  if (typeof body !== 'object') return refuse(400, 'its body is not an object');
  return { request: buffered, body };
}

/** undefined = not an object; null = it cannot be parsed. */
function bodyOf(request: Buffered): object | null | undefined {
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(request);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * The body, or why it is refused; null = the connection closed before its end. Nothing is kept of a
 * body that is refused. The headers must have been judged.
 */
function readSigned(
  request: IncomingMessage,
  signingSecret: string,
  { hasRoom, hold }: Holds,
): Promise<Buffer | Refused | null> {
  if (!hasRoom(lengthOf(request))) return Promise.resolve(tooMany);
  let parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const settle = (outcome: Buffer | Refused | null) => {
      request.off('data', take).off('end', end).off('close', gone);
      held.release();
      parts = [];
      resolve(outcome);
    };
    const held = hold(() => settle(tooMany));
    const take = (part: Buffer) => {
      length += part.length;
      if (length > BODY_LIMIT) return settle(tooLong);
      parts.push(part);
      held.add(part.length);
    };
    const end = () => {
      const body = Buffer.concat(parts);
      const isSigned = isOfSlack(request.headers, body, signingSecret);
      settle(isSigned ? body : refuse(401, 'its signature is not Slack’s'));
    };
    const gone = () => settle(null);
    request.on('data', take).on('end', end).on('close', gone);
    // Otherwise a connection that is cut off would end the process.
    request.on('error', () => undefined);
  });
}

/** Bytes; any length, if it is not said. */
function lengthOf({ headers }: IncomingMessage): number {
  return headers['transfer-encoding'] === undefined
    ? Number(headers['content-length'] ?? 0)
    : BODY_LIMIT;
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
function isOfSlack(
  headers: IncomingMessage['headers'],
  body: Buffer,
  signingSecret: string,
): boolean {
  const hmac = createHmac('sha256', signingSecret);
  hmac.update(`v0:${headers['x-slack-request-timestamp']}:`).update(body);
  const ours = Buffer.from(`v0=${hmac.digest('hex')}`);
  // The headers were judged, so both have the same length.
  return timingSafeEqual(ours, Buffer.from(String(headers['x-slack-signature'])));
}
