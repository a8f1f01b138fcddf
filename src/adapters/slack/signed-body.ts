import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BODY_LIMIT, type Refused, refuse, tooLong } from './request-headers.ts';

/** Reads the body of a request, and verifies Slack's signature while it arrives. Does I/O. */

export interface BodyParts {
  readonly signingSecret: string;
  /** Called with the bytes that are held, and with the negative of them when they are released. */
  readonly hold: (bytes: number) => void;
}

/**
 * The body, or why it is refused; null = the connection closed before its end. Nothing is kept of a
 * body that is refused. The headers must have been judged.
 */
export function readSigned(
  request: IncomingMessage,
  { signingSecret, hold }: BodyParts,
): Promise<Buffer | Refused | null> {
  const { headers } = request;
  const hmac = createHmac('sha256', signingSecret);
  hmac.update(`v0:${headers['x-slack-request-timestamp']}:`);
  let parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const settle = (outcome: Buffer | Refused | null) => {
      request.off('data', take).off('end', end).off('close', gone);
      hold(-length);
      parts = [];
      resolve(outcome);
    };
    const take = (part: Buffer) => {
      if (length + part.length > BODY_LIMIT) return settle(tooLong);
      parts.push(part);
      length += part.length;
      hold(part.length);
      hmac.update(part);
    };
    const end = () => {
      const isSigned = isSame(`v0=${hmac.digest('hex')}`, String(headers['x-slack-signature']));
      settle(isSigned ? Buffer.concat(parts) : refuse(401, 'its signature is not Slack’s'));
    };
    const gone = () => settle(null);
    request.on('data', take).on('end', end).on('close', gone);
    // Otherwise a connection that is cut off would end the process.
    request.on('error', () => undefined);
  });
}

/** Takes the same time whatever differs; both have the same length. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
