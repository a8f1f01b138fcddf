/** Delivers acts to the app, by socket or by signed HTTP, and waits for the acknowledgement until the deadline. Does I/O. */
import { type Forgery, type HttpReply, postSigned, type Signed, sign } from './signed-http.ts';
import { refuse, refused, type Slack } from './slack.ts';
import type { Envelope, Sockets } from './sockets.ts';

export interface Delivery {
  readonly type: Envelope['type'];
  readonly payload: object;
  /** Whether the acknowledgement may have a body (`accepts_response_payload`). */
  readonly acceptsBody: boolean;
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

export interface Receipt {
  /** undefined = an empty acknowledgement. */
  readonly body: unknown;
  /** `operation_timeout`, `dispatch_failed`, `http_500`; null = acknowledged by the deadline. */
  readonly error: string | null;
}

export type Deliver = (delivery: Delivery) => Promise<Receipt>;

export function deliverBySocket(slack: Slack, sockets: Sockets): Deliver {
  return (delivery) =>
    new Promise((resolve) => {
      let isOver = false;
      const settle = (receipt: Receipt) => {
        clearTimeout(timer);
        isOver = true;
        resolve(receipt);
      };
      const timer = setTimeout(() => settle(lost('operation_timeout')), slack.deadlineMs);
      const wasSent = sockets.send(envelopeOf(delivery), (payload) => {
        const body = isEmpty(payload) ? undefined : payload;
        if (isOver) {
          refuse(slack, 'ack', refused('too_late', [`after ${slack.deadlineMs} ms`]), body);
          return;
        }
        settle({ body, error: null });
      });
      if (!wasSent) {
        // Without an open socket, Slack shows the failure at once.
        settle(lost('dispatch_failed'));
      }
    });
}

export function deliverByHttp(slack: Slack, target: string): Deliver {
  return async (delivery) => {
    const signed = signedOf(slack, delivery);
    slack.captures.set(delivery, signed);
    const reply = await postSigned(target, signed, slack.deadlineMs);
    return receiptOf(reply);
  };
}

/** The HTTP request for a delivery, signed correctly or forged. */
export function signedOf(slack: Slack, delivery: Delivery, forgery: Forgery = {}): Signed {
  const { signingSecret } = slack.credentials;
  const { type, payload, retry } = delivery;
  if (type === 'events_api') {
    const signed = sign(signingSecret, JSON.stringify(payload), 'application/json', forgery);
    return retry === undefined
      ? signed
      : {
          ...signed,
          headers: {
            ...signed.headers,
            'x-slack-retry-num': String(retry.attempt),
            'x-slack-retry-reason': retry.reason,
          },
        };
  }
  const fields =
    type === 'slash_commands' ? entries(payload) : { payload: JSON.stringify(payload) };
  const body = new URLSearchParams(fields).toString();
  return sign(signingSecret, body, 'application/x-www-form-urlencoded', forgery);
}

export function receiptOf(reply: HttpReply | null): Receipt {
  if (reply === null) {
    return lost('operation_timeout');
  }
  if (reply.status !== 200) {
    return lost(`http_${reply.status}`);
  }
  const body = reply.contentType.includes('json') ? JSON.parse(reply.body) : reply.body;
  return { body: isEmpty(body) ? undefined : body, error: null };
}

function lost(error: string): Receipt {
  return { body: undefined, error };
}

function envelopeOf({ type, payload, acceptsBody, retry }: Delivery): Envelope {
  return {
    type,
    payload,
    accepts_response_payload: acceptsBody,
    ...(type === 'events_api' && {
      retry_attempt: retry?.attempt ?? 0,
      retry_reason: retry?.reason ?? '',
    }),
  };
}

function entries(payload: object): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]));
}

function isEmpty(body: unknown): boolean {
  return (
    body === undefined ||
    body === null ||
    body === '' ||
    (typeof body === 'object' && Object.keys(body).length === 0)
  );
}
