/** Signs HTTP requests like Slack, or like an attacker. Does I/O. https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac } from 'node:crypto';
import { request } from 'node:http';

/** Changes to a correct signature; null leaves the header out. */
export interface Forgery {
  /** Seconds since 1970, as text. */
  readonly timestamp?: string | null;
  readonly signature?: string | null;
  /** A secret that is not the app's. */
  readonly secret?: string;
  /** Changes the body after it is signed. */
  readonly mangle?: (body: string) => string;
  readonly contentType?: string;
}

export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Signs with the machine's real time, because the app checks the timestamp against it. */
export function sign(
  secret: string,
  body: string,
  contentType: string,
  forgery: Forgery = {},
): Signed {
  const now = String(Math.floor(Date.now() / 1000));
  const timestamp = forgery.timestamp === undefined ? now : forgery.timestamp;
  const honest = `v0=${createHmac('sha256', forgery.secret ?? secret)
    .update(`v0:${timestamp ?? now}:${body}`)
    .digest('hex')}`;
  const signature = forgery.signature === undefined ? honest : forgery.signature;
  return {
    body: forgery.mangle?.(body) ?? body,
    headers: {
      'content-type': forgery.contentType ?? contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...(timestamp !== null && { 'x-slack-request-timestamp': timestamp }),
      ...(signature !== null && { 'x-slack-signature': signature }),
    },
  };
}

/** null = no complete answer in time, or no connection. */
export function postSigned(
  target: string,
  signed: Signed,
  timeoutMs: number,
): Promise<HttpReply | null> {
  return new Promise((resolve) => {
    const length = String(Buffer.byteLength(signed.body));
    const headers = { ...signed.headers, 'content-length': length, connection: 'close' };
    const sending = request(target, { method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', () => resolve(null));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          body: Buffer.concat(parts).toString(),
        });
      });
    });
    const timer = setTimeout(() => sending.destroy(new Error('no answer')), timeoutMs);
    sending.on('close', () => clearTimeout(timer));
    // Refused, reset or timed out: the person sees the same failure for each.
    sending.on('error', () => resolve(null));
    sending.end(signed.body);
  });
}
