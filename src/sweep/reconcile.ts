import type { Alert } from './alert.ts';
import { isFiring, type Observation } from './observe.ts';
import type { ProofOf } from './proof.ts';
import { ruleOf } from './rules/index.ts';
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
  const { server, isSilenced, now } = input;
  const before = input.recent.find((alert) => alert.rule === rule) ?? null;
  const open = before?.resolvedAt === null ? before : null;
  const told = observation.hosts.filter(({ address }) => !isSilenced(rule, address));
  // What is said of the server sums up its hosts, where there are any: silenced with the last of them.
  const isHidden = isSilenced(rule, null) || (observation.hosts.length > 0 && told.length === 0);
  const fact = isHidden ? null : observation.fact;
  const { kept, cleared } = hostsThatLeft(open?.hosts ?? [], observation, input);
  const hosts = [...told, ...kept];
  const proofs = addProofs(before?.proofs ?? [], cleared);
  if (!isFiring({ hosts, fact })) {
    // The rule fires for nobody any more, or only for those that are silenced.
    const isOver = observation.hosts.length === 0 && fact === observation.fact;
    return open !== null && isOver ? ending(open, proofs, cleared, now) : null;
  }
  const known = addressesOf(open?.hosts ?? []);
  const added = hosts.filter(({ address }) => !known.has(address));
  const base = { server, rule, hosts, fact, proofs, changedAt: now, resolvedAt: null };
  return open === null || open.state === 'pending'
    ? starting(before, base, added)
    : changing(open, base, added, cleared);
}

type Base = Omit<Change['after'], 'state' | 'openedAt' | 'acknowledged'>;

/** What was told before is told again at once; what passed untold waits as it did the first time. */
function starting(before: Alert | null, base: Base, added: Change['added']): Change {
  const isSecondLook = before?.state === 'pending' && before.resolvedAt === null;
  const wasTold = before !== null && before.state !== 'pending';
  const waits = ruleOf(base.rule).needsSecondLook === true && !isSecondLook && !wasTold;
  const openedAt = isSecondLook || wasTold ? before.openedAt : base.changedAt;
  const state = waits ? ('pending' as const) : ('firing' as const);
  const kind = waits ? 'pending' : wasTold ? 'returned' : 'raised';
  const after = { ...base, state, openedAt, acknowledged: null };
  return { kind, before, after, added, cleared: [] };
}

function changing(
  before: Alert,
  base: Base,
  added: Change['added'],
  cleared: Change['cleared'],
): Change | null {
  const isSame =
    added.length === 0 &&
    cleared.length === 0 &&
    base.hosts.length === before.hosts.length &&
    (base.fact === null) === (before.fact === null);
  if (isSame) return rewording(before, base);
  // What was acknowledged did not have the hosts that were added.
  const seen = added.length === 0 ? before : { state: 'firing' as const, acknowledged: null };
  const { state, acknowledged } = seen;
  return {
    kind: 'changed',
    before,
    after: { ...before, ...base, state, acknowledged },
    added,
    cleared,
  };
}

/** The root says what holds now; nobody is told of it. */
function rewording(before: Alert, { hosts, fact }: Base): Change | null {
  const said = new Map(before.hosts.map(({ address, says }) => [address, says]));
  const isSame =
    fact === before.fact && hosts.every(({ address, says }) => said.get(address) === says);
  if (isSame || ruleOf(before.rule).isReworded !== true) return null;
  return { kind: 'reworded', before, after: { ...before, hosts, fact }, added: [], cleared: [] };
}

function ending(
  before: Alert,
  proofs: Alert['proofs'],
  cleared: Change['cleared'],
  now: Date,
): Change {
  const ended = { ...before, hosts: [], fact: null, proofs, changedAt: now, resolvedAt: now };
  // What was never told must not come back as if it had been.
  if (before.state === 'pending')
    return { kind: 'forgotten', before, after: ended, added: [], cleared };
  const after = { ...ended, state: 'resolved' as const };
  return { kind: 'resolved', before, after, added: [], cleared };
}

/** Hosts of the alert that the look no longer found: cleared with a proof, else kept. */
function hostsThatLeft(
  hosts: readonly AlertHost[],
  observation: Observation,
  { proofOf }: ReconcileInput,
): { readonly kept: readonly AlertHost[]; readonly cleared: Change['cleared'] } {
  const present = addressesOf(observation.hosts);
  const gone = hosts.filter(({ address }) => !present.has(address));
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
