// The attacks on a pending approval.
import {
  afterRestart,
  becameGuest,
  leftGroup,
  manyAtOnce,
  oneAccount,
  replayed,
  slackAway,
  wrongClock,
} from './conditions.ts';
import {
  aliasClicks,
  badlySigned,
  clickedAtHome,
  editedPayload,
  forgedValueClicked,
  mentionedApprove,
  olderPrivateCard,
  otherMessageClicked,
  outsiderClicks,
  shortcutOnText,
  submittedApprove,
  typedApprove,
  typedReject,
  unheardPayload,
} from './forgeries.ts';
import type { Scene } from './scene.ts';

export interface Attack {
  readonly name: string;
  /** Resolves when the bots have done everything about it. */
  readonly run: (scene: Scene) => Promise<void>;
  /** It counts on one identity for all ids of a person. */
  readonly isAlias?: true;
}

export const ATTACKS: readonly Attack[] = [
  { name: 'somebody who may not approve clicks', run: outsiderClicks },
  { name: 'the requester clicks under another id', run: aliasClicks, isAlias: true },
  { name: 'a forged value', run: forgedValueClicked },
  { name: 'the value on another message', run: otherMessageClicked },
  { name: 'a private card from before the request', run: olderPrivateCard },
  { name: 'an edited payload', run: editedPayload },
  { name: 'a payload that nothing listens to', run: unheardPayload },
  { name: 'a typed approval', run: typedApprove },
  { name: 'a rejection by somebody who may not decide', run: typedReject },
  { name: 'an approval by mention', run: mentionedApprove },
  { name: 'an approval in App Home', run: clickedAtHome },
  { name: 'an approval in the metadata of a form', run: submittedApprove },
  { name: 'a shortcut on a text', run: shortcutOnText },
  { name: 'a request that Slack has not signed', run: badlySigned },
  { name: 'a replay', run: replayed },
  { name: 'a click where the clock is wrong', run: wrongClock },
  { name: 'many clicks at both replicas', run: manyAtOnce },
  { name: 'a click after a restart', run: afterRestart },
  { name: 'an approver who has left the group', run: leftGroup },
  { name: 'an approver who is a member no more', run: becameGuest },
  { name: 'a click while Slack does not say who is who', run: slackAway },
  { name: 'a server whose accounts are one', run: oneAccount },
];
