import type { Button } from '../chat/message.ts';
import { flushButton } from '../diagnosis/messages.ts';
import { type Alert, alertTitle } from './alert.ts';
import { matcherText, type Silence } from './silence.ts';

/** What a person can do about an open alert. */

/** A host has a button if it is one of the first; the table names more. */
const HOSTS_ASKED = 3;

/** The first ones are visible; the rest is in a menu. */
export function alertButtons(alert: Alert): readonly Button[] {
  const { id, server, hosts } = alert;
  const [first, ...others] = hosts
    .slice(0, HOSTS_ASKED)
    .map(({ address }) => whyButton(address, server));
  const says = `${alertTitle(alert)} on ${server}`;
  const acknowledge: Button = {
    label: 'Acknowledge',
    line: `ack ${id}`,
    says: `Acknowledge ${id}: ${says}`,
    style: 'primary',
  };
  return [
    ...(alert.state === 'firing' ? [acknowledge] : []),
    ...(first === undefined ? [] : [first]),
    ...(alert.card.flush !== null ? [flushButton(server)] : []),
    ...(alert.card.silence === null ? [] : [unsilenceButton(alert.card.silence)]),
    ...others.map((button) => ({ ...button, inMenu: true }) as const),
    ...(alert.card.silence === null ? [silenceButton(alert)] : []),
  ];
}

function whyButton(address: string, server: string): Button {
  return {
    label: `Why ${address}`,
    line: `why ${address} on ${server}`,
    says: `Ask what is wrong with ${address}`,
  };
}

function silenceButton({ rule, server }: Alert): Button {
  const what = `${rule} on ${server}`;
  const says = `Silence ${what} for a while`;
  return { label: 'Silence…', line: `silence ${what}`, says, inMenu: true };
}

export function unsilenceButton({ id, matcher }: Silence): Button {
  const says = `End ${id}, the silence of ${matcherText(matcher)}`;
  return { label: 'End silence', line: `unsilence ${id}`, says };
}
