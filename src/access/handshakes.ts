import { groupBy } from '../chat/lists.ts';
import { HANDSHAKE_ERROR, isConnection } from '../hostcache/failures.ts';
import type { AccessEvent } from './record.ts';

/** Counts each broken handshake once: the server raises 1043 beside an error that says more. Pure. */

type Failures = Extract<AccessEvent, { kind: 'failures' }>;

/** The server keeps the times of errors in seconds. */
const APART_MS = 2000;

/** Without those 1043 that another error explains. Given and returned in the order of their times. */
export function handshakesOnce(failures: readonly Failures[]): readonly Failures[] {
  const explained = new Map<Failures, number>();
  for (const same of groupBy(failures, clientOf).values()) {
    const broken = same.filter(({ error }) => error === HANDSHAKE_ERROR);
    explain(
      broken,
      broken.length === 0 ? [] : same.filter((each) => !isConnection(each)),
      explained,
    );
  }
  return failures.flatMap((failure) => {
    const count = failure.count - (explained.get(failure) ?? 0);
    return count === 0 ? [] : [{ ...failure, count }];
  });
}

function clientOf({ user, host, address }: Failures): string {
  return JSON.stringify([user, host, address]);
}

/** Adds to `explained` how many of each are explained by an error of the same time. */
function explain(
  broken: readonly Failures[],
  beside: readonly Failures[],
  explained: Map<Failures, number>,
): void {
  let from = 0;
  for (const { at, until, count } of beside) {
    const startMs = at.getTime() - APART_MS;
    const endMs = until.getTime() + APART_MS;
    while ((broken[from]?.until.getTime() ?? Infinity) < startMs) from += 1;
    let left = count;
    for (let next = from; left > 0; next += 1) {
      const handshakes = broken[next];
      if (handshakes === undefined || handshakes.at.getTime() > endMs) break;
      const before = explained.get(handshakes) ?? 0;
      const more = Math.min(left, handshakes.count - before);
      explained.set(handshakes, before + more);
      left -= more;
    }
  }
}
