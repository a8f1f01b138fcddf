import { addMinutes } from 'date-fns/addMinutes';
import type { Alert } from './alert.ts';
import { type AlertCard, type CardFacts, isSameCard } from './card.ts';
import { isFiring, type Observation } from './observe.ts';
import type { ProofOf } from './proof.ts';
import { ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';
import { shownOf } from './shown.ts';
import type { Silence, SilenceOf } from './silence.ts';

/** Compares open alerts with what a look found: which are raised, changed, resolved. Pure. */

export interface ReconcileInput {
  readonly server: string;
  /** Open alerts of this server, and those resolved so recently that they may fire again. */
  readonly recent: readonly Alert[];
  readonly observations: readonly Observation[];
  readonly proofOf: ProofOf;
  readonly silenceOf: SilenceOf;
  readonly cardOf: CardFacts;
  readonly now: Date;
}

/** What happened to one alert. `after` has no id yet. `reworded` = new texts for the same hosts. */
export interface Change {
  readonly kind:
    | 'pending'
    | 'raised'
    | 'returned'
    | 'changed'
    | 'reworded'
    | 'resolved'
    | 'forgotten';
  readonly before: Alert | null;
  readonly after: Omit<Alert, 'id' | 'revision'>;
  /** New hosts that are to be named now. */
  readonly added: readonly AlertHost[];
  /** Hosts that were named and have left, each with its proof. */
  readonly cleared: readonly { readonly host: AlertHost; readonly proof: string }[];
}

/** A change whose alert was saved; the alert has the revision from before. */
export interface Saved {
  readonly alert: Alert;
  readonly change: Change;
}

/** How many proofs an alert keeps, the latest ones. */
const PROOFS_KEPT = 20;

export function reconcile(input: ReconcileInput): readonly Change[] {
  return input.observations
    .map((observation) => reconcileRule(observation, input))
    .filter((change) => change !== null);
}

function reconcileRule(observation: Observation, input: ReconcileInput): Change | null {
  const { rule } = observation;
  const { server, now } = input;
  const before = input.recent.find((alert) => alert.rule === rule) ?? null;
  const open = before?.resolvedAt === null ? before : null;
  const { kept, cleared } = hostsThatLeft(open?.hosts ?? [], observation, input);
  const found = { ...observation, hosts: [...observation.hosts, ...kept] };
  const { hosts, fact, ...ofSilences } = shownOf(found, open, input.silenceOf);
  const proofs = proofsAfter(open?.proofs ?? [], found.hosts, cleared);
  if (!isFiring({ hosts, fact })) {
    // A fault that was seen once and is silenced waits for the end of its silence.
    const waits = open?.state === 'pending' && isFiring(found);
    return open === null || waits ? null : ending(open, { proofs, cleared, ...ofSilences, now });
  }
  const card = { ...input.cardOf({ rule, hosts }), ...ofSilences };
  const base = { server, rule, hosts, fact, proofs, card, changedAt: now, resolvedAt: null };
  return open === null || open.state === 'pending'
    ? starting(before, base)
    : changing(open, base, cleared);
}

interface Base extends Omit<Change['after'], 'state' | 'openedAt' | 'acknowledged' | 'card'> {
  readonly card: Omit<AlertCard, 'newHosts' | 'newsAt'>;
}

/** An alert that was posted before returns at once; one that ended before it was posted waits again. */
function starting(before: Alert | null, base: Base): Change {
  const isSecondLook = before?.state === 'pending' && before.resolvedAt === null;
  const wasPosted = before !== null && before.state !== 'pending';
  const waits = ruleOf(base.rule).needsSecondLook === true && !isSecondLook && !wasPosted;
  const openedAt = isSecondLook || wasPosted ? before.openedAt : base.changedAt;
  const state = waits ? ('pending' as const) : ('firing' as const);
  const kind = waits ? 'pending' : wasPosted ? 'returned' : 'raised';
  // The root message names the hosts of a new alert, the thread those of one that is back.
  const card = { ...base.card, newHosts: [], newsAt: wasPosted ? base.changedAt : null };
  const after = { ...base, card, state, openedAt, acknowledged: null };
  return { kind, before, after, added: base.hosts, cleared: [] };
}

/** The thread names new hosts at most this often; the root message always shows all of them. */
const NEWS_MINUTES = 15;

function changing(before: Alert, base: Base, cleared: Change['cleared']): Change | null {
  const { newHosts, newsAt } = before.card;
  const known = addressesOf(before.hosts);
  const isUnknown = ({ address }: AlertHost) => !known.has(address);
  const unnamed = base.hosts.filter((host) => isUnknown(host) || newHosts.includes(host.address));
  const isTime = newsAt === null || base.changedAt >= addMinutes(newsAt, NEWS_MINUTES);
  const isDue = isTime && base.card.silence === null;
  const added = isDue ? unnamed : [];
  const card = {
    ...base.card,
    newHosts: isDue ? [] : unnamed.map(({ address }) => address),
    newsAt: added.length === 0 ? newsAt : base.changedAt,
  };
  const after = { ...before, ...base, card };
  const hasNew = base.hosts.some(isUnknown);
  const isSame =
    !hasNew &&
    added.length === 0 &&
    cleared.length === 0 &&
    base.hosts.length === before.hosts.length &&
    (base.fact === null) === (before.fact === null);
  if (isSame) return rewording(before, after);
  // The acknowledgement did not cover the new hosts.
  const seen = hasNew ? { state: 'firing' as const, acknowledged: null } : {};
  const named = cleared.filter(({ host }) => !newHosts.includes(host.address));
  return { kind: 'changed', before, after: { ...after, ...seen }, added, cleared: named };
}

/** Edits the root message to what is true now; nobody is notified. */
function rewording(before: Alert, { hosts, fact, card }: Alert): Change | null {
  const earlier = new Map(before.hosts.map(({ address, says }) => [address, says]));
  const saysSame =
    fact === before.fact && hosts.every(({ address, says }) => earlier.get(address) === says);
  const isReworded = ruleOf(before.rule).isReworded === true && !saysSame;
  if (!isReworded && isSameCard(card, before.card)) return null;
  const after = { ...before, hosts, fact, card };
  return { kind: 'reworded', before, after, added: [], cleared: [] };
}

interface Ending {
  readonly proofs: Alert['proofs'];
  readonly cleared: Change['cleared'];
  /** What silenced the alert, so that its end is silent too. */
  readonly silence: Silence | null;
  readonly now: Date;
}

function ending(before: Alert, { proofs, cleared, silence, now }: Ending): Change {
  const card = { ...before.card, silence };
  const ended = { ...before, hosts: [], fact: null, proofs, card, changedAt: now, resolvedAt: now };
  // An alert that was never posted must not return as if it had been.
  if (before.state === 'pending')
    return { kind: 'forgotten', before, after: ended, added: [], cleared };
  const after = { ...ended, state: 'resolved' as const };
  return { kind: 'resolved', before, after, added: [], cleared };
}

/** Hosts of the alert that the look did not find: cleared with a proof, otherwise kept. */
function hostsThatLeft(
  hosts: readonly AlertHost[],
  observation: Observation,
  { proofOf }: ReconcileInput,
): { readonly kept: readonly AlertHost[]; readonly cleared: Change['cleared'] } {
  const present = addressesOf(observation.hosts);
  const gone = hosts.filter(({ address }) => !present.has(address));
  const withProofs = gone.map((host) => ({ host, proof: proofOf(observation.rule, host.address) }));
  return {
    kept: withProofs.flatMap(({ host, proof }) => (proof === null ? [host] : [])),
    cleared: withProofs.flatMap(({ host, proof }) => (proof === null ? [] : [{ host, proof }])),
  };
}

function addressesOf(hosts: readonly AlertHost[]): ReadonlySet<string> {
  return new Set(hosts.map(({ address }) => address));
}

/** One proof for each host that has left, its latest; none for a host that is there again. */
function proofsAfter(
  proofs: readonly string[],
  present: readonly AlertHost[],
  cleared: Change['cleared'],
): readonly string[] {
  const outdated = addressesOf([...present, ...cleared.map(({ host }) => host)]);
  const earlier = proofs.filter((proof) => !outdated.has(proof.slice(0, proof.indexOf(': '))));
  const latest = cleared.map(({ host, proof }) => `${host.address}: ${proof}`);
  return [...earlier, ...latest].slice(-PROOFS_KEPT);
}
