import { count as counted } from '../chat/lists.ts';
import { shorten } from '../chat/words.ts';
import type { LoginFailure } from '../hostcache/failures.ts';
import { fits, sayBeat } from './beat.ts';
import { countOf, rowOf } from './failure-rows.ts';
import { sayUser } from './login-errors.ts';
import {
  DENIED,
  HANDSHAKE,
  MAY_DIFFER,
  NO_PLUGINS,
  OUT_OF_ORDER,
  type Probed,
  type Prober,
  SILENT,
  WENT_AWAY,
} from './prober.ts';
import { HAPROXY_BARE, HAPROXY_CURE } from './prober-products.ts';

/** Programs that send a login name, and fail in a way that gives them away. */

/** Fewer failures may be an accident of an ordinary client. */
const LEAST_LOGINS = 3;

/** Its COM_QUIT has arrived before the server has answered the login. Only a fixed script sends that. */
export function pipelined(rows: readonly LoginFailure[], user: string): Prober | null {
  const row = rowOf(rows, user, OUT_OF_ORDER);
  if (row === null || !isOfHandshakes(rows, user)) return null;
  return {
    error: OUT_OF_ORDER,
    user,
    proof: 'sure',
    what: ["HAProxy's option mysql-check with post-80"],
    why: `${sayUser(shorten(user))} sends its next packet before the server has answered the login (1156), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: HAPROXY_CURE,
  };
}

/** HAProxy's check with a user, or a driver from before plugins: the same packet. */
export function withoutPlugins(rows: readonly LoginFailure[], user: string): Prober | null {
  const row = rowOf(rows, user, NO_PLUGINS);
  if (row === null) return null;
  const isNamed = /ha.?proxy/i.test(user);
  const isInTime = HAPROXY_BARE.periods.some((each) => fits(row, each));
  const isHaproxy = isNamed || isInTime;
  return {
    error: NO_PLUGINS,
    user,
    proof: isNamed ? 'sure' : isInTime ? 'usual' : 'open',
    what: isHaproxy ? [HAPROXY_WITH_USER] : [OLD_DRIVER, HAPROXY_WITH_USER],
    why: `${sayUser(shorten(user))} logs in with the protocol of MySQL 5.1, which knows no plugins (1251), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: isHaproxy ? HAPROXY_CURE : `Driver: update it. ${HAPROXY_CURE}`,
  };
}

const OLD_DRIVER = 'a driver of MySQL 5.1 or older';
const HAPROXY_WITH_USER = "HAProxy's option mysql-check with a user (post-41 or pre-41)";

/** The client leaves when the server asks for what it cannot or will not give. */
export function leftInAuthentication(
  probed: Probed,
  rows: readonly LoginFailure[],
  user: string,
): Prober | null {
  const row = rowOf(rows, user, WENT_AWAY);
  if (row === null || row.count < LEAST_LOGINS) return null;
  if (!isOfHandshakes(rows, user)) return null;
  // A lost connection is an accident; most of its connections lost are not.
  if (row.count * 2 < (connectionsOf(probed, user) ?? Number.POSITIVE_INFINITY)) return null;
  return {
    error: WENT_AWAY,
    user,
    proof: 'open',
    what: [
      'a client without TLS for an account with caching_sha2_password (client error 2061)',
      "a driver that lacks the account's plugin (client error 2059)",
    ],
    why: `${sayUser(shorten(user))} sends its login and leaves when the server goes on with the authentication (1158), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: "Turn TLS on in that client, or let it fetch the server's key (get-server-public-key, allowPublicKeyRetrieval=true); update a driver that lacks the plugin.",
  };
}

/** check_mysql without -u logs in under the name of the operating system's user. */
export function monitoring(
  probed: Probed,
  rows: readonly LoginFailure[],
  user: string,
): Prober | null {
  const row = rowOf(rows, user, DENIED);
  if (row === null || row.count < LEAST_LOGINS || !MONITORS.test(user)) return null;
  const connections = connectionsOf(probed, user);
  if (connections === null || connections > row.count * (1 + MAY_DIFFER) + 1) return null;
  return {
    error: DENIED,
    user,
    proof: 'sure',
    what: ['check_mysql of Nagios or Icinga, without a login or with a wrong one'],
    why: `Every login of ${sayUser(shorten(user))} is denied (1045), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: 'Give check_mysql the -u and -p of an account for it, and leave -n out. Denied logins never block a host.',
  };
}

const MONITORS = /^(?:nagios|icinga2?|naemon|shinken|centreon(?:-engine)?)$/i;

/** A session can raise these errors too; if all of them are of handshakes, each has a 1043 beside it. */
function isOfHandshakes(rows: readonly LoginFailure[], user: string): boolean {
  const errors = [OUT_OF_ORDER, WENT_AWAY, SILENT, NO_PLUGINS];
  const raised = errors.reduce((all, error) => all + countOf(rows, user, error), 0);
  return raised <= countOf(rows, user, HANDSHAKE);
}

/** null = not known. */
function connectionsOf({ logins }: Probed, user: string): number | null {
  if (logins === null) return null;
  const own = logins.filter((login) => login.user === user);
  return own.reduce((all, { connections }) => all + connections, 0);
}
