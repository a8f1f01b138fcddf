// Pastes the server's last answer to a client into `why`, and compares. Does I/O.
import type { Attempt } from '../sandbox/world.ts';
import type { ExitCode } from '../src/chat/reply.ts';
import type { Target } from '../src/diagnosis/gather.ts';
import { whyCommand } from '../src/diagnosis/why.ts';
import { parseAddress } from '../src/hostcache/address.ts';
import { type Comparison, sayAttempt } from './comparison.ts';
import type { SmallClient } from './small-world.ts';

/** What the comparison needs of the JSON that `why` prints. */
interface Told {
  readonly address: string;
  readonly now: { readonly outcome: string; readonly account: string | null };
  readonly findings: readonly { readonly rule: string; readonly severity: string }[];
}

/** Asks at once after the attempt, so nothing has changed since. */
export async function compareWithPasted(
  target: Target,
  client: SmallClient,
  attempt: Attempt,
  when: Comparison['when'],
): Promise<Comparison> {
  const { rows, exit } = await askWhy(target, client, attempt);
  const address = parseAddress(client.address)?.text;
  const told = (rows as readonly Told[]).find((row) => row.address === address) ?? null;
  return {
    ...{ client, when },
    outcome: told?.now.outcome ?? 'unknown',
    predicted: told === null ? `nothing about this client, exit ${exit}` : sayTold(told, exit),
    happened: sayAttempt(attempt),
    verdict: verdictOf(told, exit, attempt),
    facts: told ?? rows,
  };
}

function askWhy(target: Target, { address, user }: SmallClient, attempt: Attempt) {
  const line =
    attempt.outcome === 'error' ? `ERROR ${attempt.code} (HY000): ${attempt.message}` : address;
  // The texts of 1045 and 3118 name the user themselves.
  const isNamed = attempt.outcome === 'error' && attempt.message.includes(`'${user}'@`);
  const options = isNamed ? {} : { user };
  const caller = { kind: 'terminal' } as const;
  return whyCommand.run(
    { line, words: line.split(' '), options, caller },
    { targets: [target], now: () => new Date() },
  );
}

function verdictOf(told: Told | null, exit: ExitCode, attempt: Attempt): Comparison['verdict'] {
  if (attempt.outcome === 'closed') return 'disagrees';
  // Some texts do not say which client it was: localhost, a name that the server has cut off.
  if (told === null) return exit === 0 ? 'disagrees' : 'agrees';
  const { now, findings } = told;
  if (now.outcome === 'unknown') return 'unknown';
  const { outcome, exits } = expected(attempt);
  // The accounts were reloaded before the attempt.
  const isReloaded = !findings.some(
    ({ rule, severity }) => rule === 'privileges-not-reloaded' && severity === 'blocking',
  );
  return now.outcome === outcome && exits.includes(exit) && isReloaded ? 'agrees' : 'disagrees';
}

const BY_ERROR: Readonly<Record<number, string>> = {
  1045: 'denied',
  1129: 'blocked',
  1130: 'refused',
};

function expected(attempt: Exclude<Attempt, { outcome: 'closed' }>): {
  readonly outcome: string;
  readonly exits: readonly ExitCode[];
} {
  if (attempt.outcome === 'admitted') {
    // A login that lands on an anonymous account is served, but not as its user.
    const isAnonymous = attempt.currentUser.startsWith('@');
    return { outcome: 'admitted', exits: isAnonymous ? [0, 1] : [0] };
  }
  // The others are about the account that lets the client in.
  return { outcome: BY_ERROR[attempt.code] ?? 'admitted', exits: [1] };
}

function sayTold({ now, findings }: Told, exit: ExitCode): string {
  const rules = findings.map(({ rule, severity }) => `${severity} ${rule}`);
  return `${now.outcome}${now.account === null ? '' : ` as ${now.account}`}, exit ${exit}, ${rules.join(', ')}`;
}
