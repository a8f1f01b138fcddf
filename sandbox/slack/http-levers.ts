/** What tests do to HTTP delivery: forge, mangle, replay. */
import type { Deliver, Delivery } from './delivery.ts';
import { signedOf } from './delivery.ts';
import type { Interaction } from './interaction.ts';
import { type Forgery, type HttpReply, postSigned, type Signed, sign } from './signed-http.ts';
import type { Slack } from './slack.ts';

export interface HttpLevers {
  /** The request of an interaction bit for bit as it went out; with a forgery, signed anew and wrongly. */
  signed(interaction: Interaction, forgery?: Forgery): Signed;
  /** Any request at all to the app's address. Null = no answer by the deadline. */
  post(signed: Signed): Promise<HttpReply | null>;
  /**
   * The same once more: over HTTP the very bytes with their old signature, over a socket the payload in a new envelope.
   * Resolves with what the person would have seen fail; null = the app took it.
   */
  replay(interaction: Interaction): Promise<string | null>;
  /** What Slack sends when the address is entered in the app's settings; true = the app gave the challenge back. */
  verifyUrl(): Promise<boolean>;
}

export function createHttpLevers(slack: Slack, target: string, deliver: Deliver): HttpLevers {
  const post = (signed: Signed) => postSigned(target, signed, slack.deadlineMs);
  return {
    signed: ({ delivery }, forgery) => capture(slack, delivery, forgery),
    post,
    replay: async ({ delivery }) => {
      if (target === '') {
        return (await deliver(delivery)).error;
      }
      const reply = await post(capture(slack, delivery));
      return reply?.status === 200 ? null : `http_${reply?.status ?? 'silent'}`;
    },
    verifyUrl: async () => {
      const challenge = 'sandbox-challenge';
      const body = JSON.stringify({ type: 'url_verification', token: 'x', challenge });
      const { signingSecret } = slack.credentials;
      const reply = await post(sign(signingSecret, body, 'application/json'));
      return reply?.status === 200 && reply.body.includes(challenge);
    },
  };
}

function capture(slack: Slack, delivery: Delivery, forgery?: Forgery): Signed {
  const sent = forgery === undefined ? slack.captures.get(delivery) : undefined;
  return sent ?? signedOf(slack, delivery, forgery);
}
