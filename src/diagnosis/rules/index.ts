import type { Rule } from '../rule.ts';
import { accountNotFromHere, cacheOff, nameResolutionOff, noMatchingAccount } from './accounts.ts';
import { blockedHost, nearBlock } from './blocks.ts';
import { anonymousAccount } from './chosen-account.ts';
import { counterRules } from './counters.ts';
import { dnsFailing, loopback, neverSeen, numericHostName, staleHost } from './names.ts';
import { nullHost } from './null-host.ts';
import {
  cacheFull,
  handshakePileup,
  notListening,
  privilegesNotReloaded,
  tooManyConnections,
} from './server-state.ts';

/** The catalogue, in the order in which a DBA should hear of it. */
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
  ...counterRules,
  privilegesNotReloaded,
  cacheOff,
  cacheFull,
  neverSeen,
  loopback,
];
