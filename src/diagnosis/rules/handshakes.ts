import { times } from '../../chat/lists.ts';
import { HANDSHAKE_ERROR } from '../../hostcache/failures.ts';
import { failedLogins, firstOf, sumOf } from '../failed-logins.ts';
import { proberOf } from '../prober-text.ts';
import { type Case, counterOf, createRule, entryOf, settingsOf, since } from '../rule.ts';

/** Connections that end before the login does: how they ended, where the server has counted it. */

/** Why the handshakes of a client broke off: how many, by the error beside each 1043. */
interface Split {
  readonly all: number;
  readonly wentAway: number;
  readonly silent: number;
  readonly foreign: number;
  readonly tooOld: number;
  /** The server counts no error beside the 1043: TLS failed, or the client quit. */
  readonly other: number;
  readonly firstAt: Date | null;
}

export const handshakeErrors = createRule('handshake-errors', {
  find: (subject) => {
    const counted = counterOf(subject, 'COUNT_HANDSHAKE_ERRORS');
    const split = splitOf(subject);
    return counted === 0 && split === null ? null : { counted, split };
  },
  explain: ({ counted, split }, subject) => {
    // The rule failing-login tells of those with a login name.
    const prober = proberOf(subject.evidence, 'nameless');
    return {
      severity: 'note',
      title: 'Connections were broken off before authentication ended',
      cause: [
        ...(counted === 0
          ? []
          : [
              `${times(counted)} (COUNT_HANDSHAKE_ERRORS)${since(entryOf(subject)?.firstSeenAt ?? null)}, in total.`,
            ]),
        ...(split === null ? [] : [sayParts(split)]),
        ...(prober === null ? [] : [prober.cause]),
      ].join(' '),
      remedy: [
        prober?.remedy ?? '',
        split === null && prober === null ? ANY_CAUSE : adviceOn(split, subject),
        countText(subject),
      ]
        .filter((each) => each !== '')
        .join(' '),
    };
  },
});

const ANY_CAUSE =
  'Look for a health check, a port scan, a client that times out, or TLS that fails on either side.';

function splitOf({ evidence }: Case): Split | null {
  const rows = failedLogins(evidence) ?? [];
  const broken = rows.filter(({ error }) => error === HANDSHAKE_ERROR);
  const all = sumOf(broken, HANDSHAKE_ERROR);
  if (all === 0) return null;
  const wentAway = sumOf(rows, 1158);
  const silent = sumOf(rows, 1159);
  const foreign = sumOf(rows, 1156, 1835);
  const tooOld = sumOf(rows, 1251);
  const other = Math.max(0, all - wentAway - silent - foreign - tooOld);
  return { all, wentAway, silent, foreign, tooOld, other, firstAt: firstOf(broken) };
}

/** How a handshake ends, in words, and what to do. */
const PARTS: readonly {
  readonly part: Exclude<keyof Split, 'all' | 'firstAt'>;
  /** Empty = none beside the 1043. */
  readonly errors: readonly number[];
  readonly says: string;
  readonly advice: string;
}[] = [
  {
    part: 'wentAway',
    errors: [1158],
    says: 'the client went away (1158)',
    advice:
      'Went away: look for a health check, a port scan, a client that times out or refuses the certificate.',
  },
  {
    part: 'silent',
    errors: [1159],
    says: 'the client fell silent until connect_timeout (1159)',
    advice:
      'Fell silent: look for an overloaded client, a firewall between the two, or a check that keeps the connection open.',
  },
  {
    part: 'foreign',
    errors: [1156, 1835],
    says: 'the client did not speak the MySQL protocol (1156)',
    advice: 'Another protocol: look for a port scan, or an HTTP check of this port.',
  },
  {
    part: 'tooOld',
    errors: [1251],
    says: "the client does not have the account's authentication method (1251)",
    advice:
      'Old protocol: update the driver, or replace a check such as HAProxy mysql-check with a user by one that logs in.',
  },
  {
    part: 'other',
    errors: [],
    says: 'TLS failed, or the client quit instead of logging in',
    advice:
      'TLS or quit: look for certificates and TLS versions that do not fit, or a program that quits instead of logging in.',
  },
];

function sayParts(split: Split): string {
  const parts = PARTS.filter(({ part }) => split[part] > 0);
  const counts = parts.map(({ part, says }) => `${times(split[part])} ${says}`);
  return `The server's record of logins has ${split.all}${since(split.firstAt)}: ${counts.join('; ')}.`;
}

/** For those that no known program causes. */
function adviceOn(split: Split | null, { evidence }: Case): string {
  if (split === null) return '';
  const prober = proberOf(evidence, 'handshake');
  const rest = (failedLogins(evidence) ?? []).filter((row) => prober?.explains(row) !== true);
  const parts = PARTS.filter(
    ({ part, errors }) => split[part] > 0 && (errors.length === 0 || sumOf(rest, ...errors) > 0),
  );
  const worstFirst = [...parts].sort((a, b) => split[b.part] - split[a.part]);
  return worstFirst.map(({ advice }) => advice).join(' ');
}

function countText(subject: Case): string {
  return settingsOf(subject)?.skipNameResolve === true
    ? 'Under skip_name_resolve they never block a host.'
    : 'Only these errors count towards a block. Wrong passwords do not, except on MariaDB beyond max_password_errors (4150).';
}
