import { mergedRows } from './failure-rows.ts';
import type { Probed, Prober } from './prober.ts';
import { atAddress, otherProtocol, tcpCheck } from './prober-checks.ts';
import { leftInAuthentication, monitoring, pipelined, withoutPlugins } from './prober-logins.ts';

/** What breaks the logins of one client off, where the packets and the interval prove it. Pure. */

/** Empty = nothing is proved. */
export function probersOf(probed: Probed): readonly Prober[] {
  const rows = mergedRows(probed.failures ?? []);
  const users = [...new Set(rows.flatMap(({ user }) => (user === null ? [] : [user])))];
  const all = [
    ...(atAddress(probed, rows) ?? [tcpCheck(probed, rows), otherProtocol(rows)]),
    ...users.flatMap((user) => [
      pipelined(rows, user),
      withoutPlugins(rows, user),
      leftInAuthentication(probed, rows, user),
      monitoring(probed, rows, user),
    ]),
  ];
  return all.filter((prober) => prober !== null);
}
