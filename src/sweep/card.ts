import { HELPS } from '../diagnosis/after-flush.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { Alert } from './alert.ts';
import type { ServerLook } from './look.ts';
import { type AlertRuleId, ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';
import type { Silence } from './silence.ts';

/** What an alert's card shows besides its hosts and its state, as the last sweep found it. */
export interface AlertCard {
  /** What the look adds to the rule's meaning; empty = nothing. */
  readonly note: string;
  /** The statement that flushes this server; null = it is not known, or a flush does not help. */
  readonly flush: string | null;
  /** How many hosts of this rule are silenced, besides those of the alert. */
  readonly silenced: number;
  /** What silences all of it; null = it is not silenced. */
  readonly silence: Silence | null;
  /** Addresses of its hosts that its thread has not named yet. */
  readonly newHosts: readonly string[];
  /** When its thread last named new hosts; null = never. */
  readonly newsAt: Date | null;
}

/** The card of an alert that no sweep has seen with this version. */
export const EMPTY_CARD: AlertCard = {
  note: '',
  flush: null,
  silenced: 0,
  silence: null,
  newHosts: [],
  newsAt: null,
};

/** What a look shows of the server for the card of an alert with these hosts. */
export type CardFacts = (alert: Pick<Alert, 'rule' | 'hosts'>) => Pick<AlertCard, 'note' | 'flush'>;

export function cardFactsOf(look: ServerLook): CardFacts {
  const { settings } = look;
  const flush = settings.known ? releaseOf(settings.value).flush.sql : null;
  return ({ rule, hosts }) => {
    const { note } = ruleOf(rule);
    return { note: note?.(look, hosts) ?? '', flush: canFlushHelp(rule, hosts) ? flush : null };
  };
}

/** Whether a flush helps one of the hosts now, or it is not known that it helps none. */
function canFlushHelp(rule: AlertRuleId, hosts: readonly AlertHost[]): boolean {
  const helps = ({ flush }: AlertHost) => flush === undefined || HELPS.includes(flush);
  return ruleOf(rule).flushHelps === true && hosts.some(helps);
}

/** Whether both show the same. */
export function isSameCard(a: AlertCard, b: AlertCard): boolean {
  const isSame = a.note === b.note && a.flush === b.flush && a.silenced === b.silenced;
  return isSame && a.silence?.id === b.silence?.id;
}
