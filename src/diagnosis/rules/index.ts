import { type Finding, type Rule, SEVERITIES } from '../rule.ts';
import { accountNotFromHere, cacheOff, nameResolutionOff, noMatchingAccount } from './accounts.ts';
import { blockedHost, nearBlock } from './blocks.ts';
import { localName, nullHost, staleHost } from './cached-name.ts';
import { anonymousAccount } from './chosen-account.ts';
import { counterRules } from './counters.ts';
import { failingLogin } from './failing-login.ts';
import { dnsFailing, loopback, neverSeen, numericHostName } from './names.ts';
import {
  cacheFull,
  handshakePileup,
  noLongerBlocked,
  notListening,
  privilegesNotReloaded,
  tooManyConnections,
} from './server-state.ts';

/** The catalogue, in the order in which a DBA should read the findings. */
export const RULES: readonly Rule[] = [
  blockedHost,
  nullHost,
  staleHost,
  dnsFailing,
  numericHostName,
  noMatchingAccount,
  accountNotFromHere,
  anonymousAccount,
  nameResolutionOff,
  notListening,
  tooManyConnections,
  handshakePileup,
  nearBlock,
  failingLogin,
  ...counterRules,
  privilegesNotReloaded,
  noLongerBlocked,
  cacheOff,
  cacheFull,
  localName,
  neverSeen,
  loopback,
];

/** By severity, then in the catalogue's order. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ severity, rule }: Finding) =>
    SEVERITIES.indexOf(severity) * RULES.length + RULES.findIndex(({ id }) => id === rule);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}
