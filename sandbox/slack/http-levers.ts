/** Controls for tests of HTTP delivery: forge, mangle, replay. */
import type { Deliver, Delivery } from './delivery.ts';
import { signedOf } from './delivery.ts';
import type { Interaction } from './interaction.ts';
import { type Forgery, type HttpReply, postSigned, type Signed, sign } from './signed-http.ts';
import type { Slack } from './slack.ts';

export interface HttpLevers {
  /** The request of an interaction, byte for byte as it was sent; with a forgery, a new and wrongly signed one. */
  signed(interaction: Interaction, forgery?: Forgery): Signed;
  /** Sends any request to the app's address; null = no answer by the deadline. */
  post(signed: Signed): Promise<HttpReply | null>;
  /**
   * Delivers the same again: over HTTP the same bytes and signature, over a socket the payload in a new envelope.
   * Resolves with the failure that the person would see; null = the app accepted it.
   */
  replay(interaction: Interaction): Promise<string | null>;
  /** Sends the challenge that verifies the URL in the app's settings; true = the app returned it. */
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
