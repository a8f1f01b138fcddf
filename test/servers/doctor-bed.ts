import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { joinChecks } from '../../src/compose/checks.ts';
import { closeTargets, createTargets } from '../../src/compose/targets.ts';
import type { Config, ServerConfig } from '../../src/config/config.ts';
import type { Checked, Level } from '../../src/doctor/check.ts';
import { runChecks } from '../../src/doctor/commands.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { loginOf, placeOf } from '../logins.ts';
import { mysqlUrl } from './stage.ts';

/** A real server with the two accounts of the README, and a doctor for it. */

export const GRANTS = {
  process: 'GRANT PROCESS ON *.* TO',
  cache: 'GRANT SELECT ON performance_schema.host_cache TO',
  log: 'GRANT SELECT ON performance_schema.error_log TO',
  threads: 'GRANT SELECT ON performance_schema.threads TO',
  bytes: 'GRANT SELECT ON performance_schema.status_by_thread TO',
  failures: 'GRANT SELECT ON performance_schema.events_errors_summary_by_account_by_error TO',
  totals: 'GRANT SELECT ON performance_schema.events_errors_summary_global_by_error TO',
  logins: 'GRANT SELECT ON performance_schema.accounts TO',
  accounts: `GRANT SELECT (Host, User, plugin, account_locked, password_expired, ssl_type)
    ON mysql.user TO`,
};

export let world: World;
export let folder: string;

/** The server and the folder for one test file. */
export function makeBed(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostcache-doctor-'));
    world = await startWorld({ flavour: 'mysql' });
    await addAccount('reader', Object.values(GRANTS));
    await addAccount('flusher', ['GRANT DROP ON performance_schema.host_cache TO']);
  });
  afterAll(async () => {
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

export async function addAccount(name: string, grants: readonly string[]): Promise<void> {
  await world.query(`CREATE USER ${name}@localhost IDENTIFIED BY 'secret'`);
  for (const grant of grants) await world.query(`${grant} ${name}@localhost`);
}

export const urlOf = (name: string) => mysqlUrl(world, `${name}:secret`);

export function server(change: Partial<ServerConfig> = {}): ServerConfig {
  return {
    name: 'main',
    login: loginOf(urlOf('reader')),
    flushLogin: loginOf(urlOf('flusher')),
    channel: null,
    sweepCron: null,
    approvers: ['U0BOB', 'U0EVE'],
    mention: [],
    runbookUrl: null,
    dnsServers: [world.dnsServer],
    ...change,
  };
}

export type Given = Pick<Config, 'slack' | 'servers' | 'operators' | 'statePlace'>;

export async function doctor(change: Partial<Given>): Promise<readonly Checked[]> {
  const statePlace = placeOf(`sqlite:${join(folder, 'state.db')}`);
  const config = { slack: null, servers: [], operators: [], statePlace, ...change };
  const targets = createTargets(config.servers);
  try {
    return await runChecks(
      joinChecks({ config, targets, log: createFakeLog(), now: () => new Date() }),
    );
  } finally {
    await closeTargets(targets);
  }
}

/** The findings of that check that are not green. */
export async function ills(check: string, change: Partial<Given>) {
  const found = (await doctor(change)).filter((each) => each.check === check);
  expect(found).not.toEqual([]);
  return found.filter(({ level }) => level !== 'green');
}

export function levelsOf(results: readonly { readonly level: Level }[]): readonly Level[] {
  return results.map(({ level }) => level);
}

/** Runs the printed statements one after the other. */
export async function follow(results: readonly { readonly statements: readonly string[] }[]) {
  for (const statement of results.flatMap(({ statements }) => statements)) {
    await world.query(statement);
  }
}
