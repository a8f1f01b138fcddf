// `why … with "'app'@'10.%'"`: the answer to a client if one more account existed. Does I/O.

import { headed, type Message, paragraph } from '../chat/message.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import { accountName } from '../hostcache/account.ts';
import type { AccountPlace } from '../hostcache/account-text.ts';
import { askEachAddress, type Client } from './client.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { withAccount } from './evidence.ts';
import { gather, type Target } from './gather.ts';
import { answerJson, exitOf, toJson } from './json.ts';
import { diagnosisMessage } from './messages.ts';
import type { ServerAnswer } from './predict.ts';

/** A change is changed evidence, so the same diagnosis answers. Refuses if the account exists. */
export function whyWith(place: AccountPlace) {
  return (target: Target, client: Client, readAt: Date): Promise<Reply> => {
    const { text, user, reported } = client;
    return askEachAddress(client, target, async (address, gaps) => {
      const evidence = await gather(target, { client: address, user, reported, readAt });
      const supposed = withAccount(evidence, place);
      if (supposed === null) return refuse(`${accountName(place)} exists already.`);
      const [before, after] = [diagnose(evidence), diagnose(supposed)];
      const whole = { ...after, gaps: [...after.gaps, ...gaps] };
      const message = supposedMessage(before, whole, text, accountName(place));
      const { now } = before.prediction;
      const json = { ...toJson(whole, text), with: accountName(place), without: answerJson(now) };
      return answer(message, [json], exitOf(whole));
    });
  };
}

function supposedMessage(
  { prediction: { now } }: Diagnosis,
  supposed: Diagnosis,
  client: string,
  account: string,
): Message {
  const { headline, blocks } = diagnosisMessage(supposed, client);
  const [, ...others] = blocks;
  return headed(`With ${account}: ${headline}`, [
    paragraph(`Without ${account}, as it is now: ${sayOutcome(now)}. Nothing was changed.`),
    ...others,
  ]);
}

/** `admitted as 'app'@'10.%'`, `refused (1130)`. */
function sayOutcome({ outcome, error, account }: ServerAnswer): string {
  const as = account === null ? '' : ` as ${accountName(account)}`;
  return `${outcome}${error === null ? '' : ` (${error})`}${as}`;
}
