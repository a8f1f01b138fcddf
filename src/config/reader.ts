import type { Environment } from './environment.ts';
import { parseServersFile } from './servers-file.ts';
import {
  type FaultOfCron,
  judge,
  SETTINGS,
  type SettingName,
  type SettingValue,
} from './setting.ts';

/** Reads settings by name, and collects their errors. */

export type Reader = ReturnType<typeof createReader>;

export function createReader(environment: Environment, faultOfCron: FaultOfCron) {
  const { values, faults: unread, serversFile, client } = environment;
  const faults: string[] = unread['.env'] === undefined ? [] : [unread['.env']];
  const isGiven = (name: SettingName) => values[name] !== undefined || unread[name] !== undefined;
  /** null: not set, or invalid; then the error is noted. */
  function optional<N extends SettingName>(name: N): SettingValue<N> | null {
    const unreadable = unread[name];
    if (unreadable !== undefined) faults.push(unreadable);
    const value = values[name];
    if (unreadable !== undefined || value === undefined) return null;
    const result = judge(name, value, faultOfCron);
    if (result.isGood) return result.value;
    faults.push(`${name}: ${result.says}. See .env.example.`);
    return null;
  }
  /** null: not set or invalid; the error is noted. */
  function required<N extends SettingName>(name: N, purpose: string): SettingValue<N> | null {
    if (!isGiven(name)) {
      const { expected } = SETTINGS[name];
      faults.push(`${name}: expected ${expected}, got nothing; ${purpose}. See .env.example.`);
    }
    return optional(name);
  }
  return {
    faults,
    optional,
    required,
    isGiven,
    /** The login of the MySQL client's option files, whose errors are noted; null = they are not read. */
    clientLogin: () => {
      faults.push(...(client?.faults ?? []));
      return client ?? null;
    },
    refuse: (fault: string) => faults.push(fault),
    /** The servers in SERVERS_FILE; its errors are noted. */
    servers: (isBot: boolean) => {
      if (serversFile === null) return [];
      const parsed = parseServersFile(serversFile, { isBot, faultOfCron });
      faults.push(...parsed.faults);
      return parsed.servers;
    },
  };
}
