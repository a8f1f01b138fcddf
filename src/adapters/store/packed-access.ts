import type { AccessDay, AccessEvent } from '../../access/record.ts';
import type { AccessReading } from '../../access/stores.ts';
import {
  columnsOf,
  deflate,
  inflate,
  rowsOf,
  type Scalar,
  type Times,
  textsOf,
  timesFrom,
} from './packing.ts';
import type { AccessDayTable, AccessReadingTable } from './tables.ts';

/** What sweeps remember of logins, as stored; `packing.ts` says how. */

type Columns = readonly (readonly Scalar[])[];

interface PackedDay {
  readonly texts: readonly string[];
  readonly spans: Columns;
  readonly uses: Columns;
  /** Each with its kind, its time, and its other fields in the order of `AccessEvent`. */
  readonly events: readonly (readonly Scalar[])[];
  readonly leftOut: number;
}

interface PackedReading {
  readonly texts: readonly string[];
  readonly startedAt: number;
  readonly failures: Columns | null;
  readonly logins: Columns | null;
  readonly accounts: Columns | null;
  readonly accountsMark: string | null;
  readonly ahead: Columns;
  readonly clients: Columns | null;
}

export function packDay(day: AccessDay): Promise<string> {
  const texts = textsOf();
  const times = timesOfDay(day.day);
  const packed: PackedDay = {
    spans: columnsOf(day.spans.map(({ from, to }) => [times.put(from), times.put(to)])),
    uses: columnsOf(
      day.uses.map((use) => [
        ...[use.user, use.host, use.address, use.account].map(texts.put),
        ...[use.logins, use.failures, times.put(use.lastLoginAt)],
      ]),
    ),
    events: day.events.map((event) => packEvent(event, texts.put, times)),
    leftOut: day.leftOut,
    // Last, when every text is in it.
    texts: texts.all,
  };
  return deflate(packed);
}

export function unpackDay({ server, day, packed }: AccessDayTable): AccessDay {
  // Only `packDay` writes this column.
  const found = inflate(packed) as PackedDay;
  const times = timesOfDay(day);
  const texts = textsOf(found.texts);
  return {
    server,
    day,
    spans: rowsOf(found.spans).map(([from, to]) => ({ from: times.at(from), to: times.at(to) })),
    uses: rowsOf(found.uses).map(
      ([user, host, address, account, logins, failures, lastLoginAt]) => ({
        user: texts.at(user),
        host: texts.at(host),
        address: texts.find(address),
        account: texts.find(account),
        logins: Number(logins),
        failures: Number(failures),
        lastLoginAt: times.find(lastLoginAt),
      }),
    ),
    events: found.events.map((event) => unpackEvent(event, texts, times)),
    leftOut: found.leftOut,
  };
}

export function packReading(reading: AccessReading): Promise<string> {
  const { startedAt, failures, logins, ahead = [] } = reading;
  const { accounts = null, accountsMark = null, clients = null } = reading;
  const { put, all } = textsOf();
  const times = timesFrom(startedAt);
  const packed: PackedReading = {
    startedAt: startedAt.getTime(),
    failures: columnsOrNull(failures, (row) => [
      ...[put(row.user), put(row.host), row.error, row.count],
      ...[times.put(row.firstAt), times.put(row.lastAt)],
    ]),
    logins: columnsOrNull(logins, (row) => [
      ...[put(row.user), put(row.host), row.connections, row.open],
    ]),
    accounts: columnsOrNull(accounts, (row) => [
      ...[put(row.user), put(row.host), Number(row.isRole), row.mark],
    ]),
    accountsMark,
    ahead: columnsOf(ahead.map((row) => [put(row.user), put(row.host), row.count])),
    clients: columnsOrNull(clients, (row) => [
      ...[put(row.address), put(row.name), Number(row.isBlocked)],
    ]),
    texts: all,
  };
  return deflate(packed);
}

export function unpackReading({ readAt, packed }: AccessReadingTable): AccessReading {
  // Only `packReading` writes this column.
  const found = inflate(packed) as PackedReading;
  const startedAt = new Date(found.startedAt);
  const times = timesFrom(startedAt);
  const texts = textsOf(found.texts);
  return {
    readAt,
    startedAt,
    failures: rowsOrNull(found.failures, ([user, host, error, count, firstAt, lastAt]) => ({
      user: texts.find(user),
      host: texts.find(host),
      error: Number(error),
      count: Number(count),
      firstAt: times.find(firstAt),
      lastAt: times.find(lastAt),
    })),
    logins: rowsOrNull(found.logins, ([user, host, connections, open]) => ({
      user: texts.find(user),
      host: texts.at(host),
      connections: Number(connections),
      open: Number(open),
    })),
    accounts: rowsOrNull(found.accounts, ([user, host, isRole, mark]) => ({
      user: texts.at(user),
      host: texts.at(host),
      isRole: isRole === 1,
      mark: String(mark),
    })),
    accountsMark: found.accountsMark,
    ahead: rowsOf(found.ahead).map(([user, host, count]) => ({
      user: texts.at(user),
      host: texts.at(host),
      count: Number(count),
    })),
    clients: rowsOrNull(found.clients, ([address, name, isBlocked]) => ({
      address: texts.at(address),
      name: texts.find(name),
      isBlocked: isBlocked === 1,
    })),
  };
}

function packEvent(
  event: AccessEvent,
  put: (text: string | null) => number,
  times: Times,
): readonly Scalar[] {
  const head = [event.kind, times.put(event.at)];
  switch (event.kind) {
    case 'failures':
      return [
        ...[...head, times.put(event.until), put(event.user), put(event.host)],
        ...[put(event.address), event.error, event.count],
      ];
    case 'restart':
      return head;
    case 'flush':
      return [...head, put(event.request)];
    case 'blocked':
    case 'unblocked':
      return [...head, put(event.address)];
    case 'name':
      return [...head, put(event.address), put(event.from), put(event.to)];
    case 'account':
      return [...head, put(event.account), event.change];
  }
}

function unpackEvent(
  [kind, time, ...rest]: readonly Scalar[],
  texts: Pick<ReturnType<typeof textsOf>, 'at' | 'find'>,
  times: Times,
): AccessEvent {
  const at = times.at(time);
  const [first, second, third] = rest;
  // Only `packEvent` writes them.
  switch (kind as AccessEvent['kind']) {
    case 'failures': {
      const [until, user, host, address, error, count] = rest;
      return {
        ...{ kind: 'failures', at, until: times.at(until) },
        ...{ user: texts.find(user), host: texts.find(host), address: texts.find(address) },
        ...{ error: Number(error), count: Number(count) },
      };
    }
    case 'restart':
      return { kind: 'restart', at };
    case 'flush':
      return { kind: 'flush', at, request: texts.find(first) };
    case 'blocked':
      return { kind: 'blocked', at, address: texts.at(first) };
    case 'unblocked':
      return { kind: 'unblocked', at, address: texts.at(first) };
    case 'name':
      return {
        kind: 'name',
        at,
        address: texts.at(first),
        from: texts.find(second),
        to: texts.find(third),
      };
    case 'account':
      return { kind: 'account', at, account: texts.at(first), change: second as Change };
  }
}

type Change = Extract<AccessEvent, { kind: 'account' }>['change'];

function columnsOrNull<T>(
  records: readonly T[] | null,
  toRow: (record: T) => readonly Scalar[],
): Columns | null {
  return records === null ? null : columnsOf(records.map(toRow));
}

function rowsOrNull<T>(
  columns: Columns | null,
  toRecord: (row: readonly Scalar[]) => T,
): readonly T[] | null {
  return columns === null ? null : rowsOf(columns).map(toRecord);
}

function timesOfDay(day: string): Times {
  return timesFrom(new Date(`${day}T00:00:00Z`));
}
