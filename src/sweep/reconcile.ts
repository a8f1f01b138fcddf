import type { Alert } from './alert.ts';
import type { Observation } from './observe.ts';
import type { ProofOf } from './proof.ts';
import { type AlertRuleId, ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';
import type { IsSilenced } from './silence.ts';

/** Open alerts beside what a look found: which are raised, changed, cleared. Pure. */

export interface ReconcileInput {
  readonly server: string;
  /** Open alerts of this server, and those resolved so lately that they may fire again. */
  readonly recent: readonly Alert[];
  readonly observations: readonly Observation[];
  readonly proofOf: ProofOf;
  readonly isSilenced: IsSilenced;
  readonly now: Date;
}

/** What happened to one alert; `after` has no id where the alert is new. `reworded`: its hosts are the same. */
export interface Change {
  readonly kind:
    | 'pending'
    | 'raised'
    | 'returned'
    | 'changed'
    | 'reworded'
    | 'resolved'
    | 'forgotten';
  readonly rule: AlertRuleId;
  readonly before: Alert | null;
  readonly after: Omit<Alert, 'id' | 'revision'>;
  readonly added: readonly AlertHost[];
  /** With the proof of each. */
  readonly cleared: readonly { readonly host: AlertHost; readonly proof: string }[];
}

/** The last proofs that an alert keeps. */
const PROOFS_KEPT = 20;

export function reconcile(input: ReconcileInput): readonly Change[] {
  return input.observations
    .map((observation) => reconcileRule(observation, input))
    .filter((change) => change !== null);
}

function reconcileRule(observation: Observation, input: ReconcileInput): Change | null {
  const { rule } = observation;
  const before = input.recent.find((alert) => alert.rule === rule) ?? null;
  const isOpen = before !== null && before.resolvedAt === null;
  const told = observation.hosts.filter(({ address }) => !input.isSilenced(rule, address));
  // What is said of the server sums up its hosts, where there are any: silenced with the last of them.
  const isHidden =
    input.isSilenced(rule, null) || (observation.hosts.length > 0 && told.length === 0);
  const fact = isHidden ? null : observation.fact;
  const left = isOpen ? hostsThatLeft(before, observation, input) : { kept: [], cleared: [] };
  const hosts = [...told, ...left.kept];
  const isFiring = hosts.length > 0 || fact !== null;
  if (!isFiring) return isOpen ? ending(before, observation, left.cleared, input) : null;
  const known = addressesOf(isOpen ? before.hosts : []);
  const added = hosts.filter(({ address }) => !known.has(address));
  const base = { hosts, fact, changedAt: input.now, resolvedAt: null };
  if (before === null) return opening(observation.rule, base, added, input);
  if (!isOpen) return returning(before, base, added, input);
  const proofs = addProofs(before.proofs, left.cleared);
  if (before.state === 'pending') {
    const after = { ...before, ...base, proofs, state: 'firing' as const };
    return { kind: 'raised', rule, before, after, added: hosts, cleared: [] };
  }
  const isSame =
    added.length === 0 && left.cleared.length === 0 && hosts.length === before.hosts.length;
  if (isSame && (fact === null) === (before.fact === null)) return rewording(before, base);
  // What was acknowledged did not have these hosts.
  const isNews = added.length > 0;
  const after = {
    ...before,
    ...base,
    proofs,
    state: isNews ? ('firing' as const) : before.state,
    acknowledged: isNews ? null : before.acknowledged,
  };
  return { kind: 'changed', rule, before, after, added, cleared: left.cleared };
}

/** The root says what holds now; nobody is told of it. */
function rewording(before: Alert, base: Pick<Alert, 'hosts' | 'fact'>): Change | null {
  const { rule } = before;
  const said = new Map(before.hosts.map(({ address, says }) => [address, says]));
  const isSame =
    base.fact === before.fact &&
    base.hosts.every(({ address, says }) => said.get(address) === says);
  if (isSame || ruleOf(rule).isReworded !== true) return null;
  const after = { ...before, hosts: base.hosts, fact: base.fact };
  return { kind: 'reworded', rule, before, after, added: [], cleared: [] };
}

function opening(
  rule: AlertRuleId,
  base: Pick<Alert, 'hosts' | 'fact' | 'changedAt' | 'resolvedAt'>,
  added: readonly AlertHost[],
  { server, now }: ReconcileInput,
): Change {
  const waits = ruleOf(rule).needsSecondLook === true;
  const state = waits ? ('pending' as const) : ('firing' as const);
  const after = { ...base, server, rule, state, openedAt: now, proofs: [], acknowledged: null };
  return { kind: waits ? 'pending' : 'raised', rule, before: null, after, added, cleared: [] };
}

/** What was told is told again at once; what passed untold waits as it did the first time. */
function returning(
  before: Alert,
  base: Pick<Alert, 'hosts' | 'fact' | 'changedAt' | 'resolvedAt'>,
  added: readonly AlertHost[],
  { now }: ReconcileInput,
): Change {
  const { rule } = before;
  if (before.state === 'pending') {
    const after = { ...before, ...base, openedAt: now };
    return { kind: 'pending', rule, before, after, added, cleared: [] };
  }
  const after = { ...before, ...base, state: 'firing' as const, acknowledged: null };
  return { kind: 'returned', rule, before, after, added, cleared: [] };
}

/** The rule fires for nobody any more: resolved where that is proved, left alone where it is only silenced. */
function ending(
  before: Alert,
  observation: Observation,
  cleared: Change['cleared'],
  { isSilenced, now }: ReconcileInput,
): Change | null {
  const isHidden =
    observation.hosts.length > 0 ||
    (observation.fact !== null && isSilenced(observation.rule, null));
  if (isHidden) return null;
  const isTold = before.state !== 'pending';
  const after = {
    ...before,
    hosts: [],
    fact: null,
    proofs: addProofs(before.proofs, cleared),
    // What was never told must not come back as if it had been.
    state: isTold ? ('resolved' as const) : before.state,
    changedAt: now,
    resolvedAt: now,
  };
  const kind = isTold ? 'resolved' : 'forgotten';
  return { kind, rule: observation.rule, before, after, added: [], cleared };
}

/** Hosts of the alert that the look no longer found: cleared with a proof, else kept. */
function hostsThatLeft(
  before: Alert,
  observation: Observation,
  { proofOf }: ReconcileInput,
): { readonly kept: readonly AlertHost[]; readonly cleared: Change['cleared'] } {
  const present = addressesOf(observation.hosts);
  const gone = before.hosts.filter(({ address }) => !present.has(address));
  const judged = gone.map((host) => ({ host, proof: proofOf(observation.rule, host.address) }));
  return {
    kept: judged.flatMap(({ host, proof }) => (proof === null ? [host] : [])),
    cleared: judged.flatMap(({ host, proof }) => (proof === null ? [] : [{ host, proof }])),
  };
}

function addressesOf(hosts: readonly AlertHost[]): ReadonlySet<string> {
  return new Set(hosts.map(({ address }) => address));
}

function addProofs(proofs: readonly string[], cleared: Change['cleared']): readonly string[] {
  return [...proofs, ...cleared.map(({ host, proof }) => `${host.address}: ${proof}`)].slice(
    -PROOFS_KEPT,
  );
}
