import { type Check, type CheckResult, green, unanswered } from '../../doctor/check.ts';
import { outboundBy, type Proxies } from './outbound.ts';
import { reasonOf, unreachedAdvice } from './unreached.ts';

/** Doctor's check that each of Slack's hosts can be reached, through the proxy if one is set. Does I/O. */

export interface HostsCheckOptions {
  /** null = Slack's own. */
  readonly apiUrl: string | null;
  /** Absent or null = none. */
  readonly proxies?: Proxies | null;
  readonly mode: 'socket' | 'http';
}

/** By host, what it is needed for. */
const HOSTS: Readonly<Record<string, string>> = {
  'slack.com': 'everything',
  'files.slack.com': 'uploads',
  'hooks.slack.com': 'answers',
};

const SOCKET_HOST = 'wss-primary.slack.com';

export function createHostsCheck({ apiUrl, proxies, mode }: HostsCheckOptions): Check {
  const ofSocket = mode === 'socket' ? { [SOCKET_HOST]: 'Socket Mode' } : {};
  const slack = Object.entries({ ...HOSTS, ...ofSocket }).map(
    ([host, purpose]) => [`https://${host}`, `${host} (${purpose})`] as const,
  );
  const asked = apiUrl === null ? slack : ([[apiUrl, apiUrl]] as const);
  return {
    name: "Slack's hosts",
    run: async () => {
      const tried = asked.map(async ([url, where]) => ({
        where,
        fault: await faultOf(url, proxies ?? null),
      }));
      const hosts = await Promise.all(tried);
      const reached = hosts.filter(({ fault }) => fault === null).map(({ where }) => where);
      return [...groupFaults(hosts), ...(reached.length === 0 ? [] : [sayReached(reached)])];
    },
  };
}

interface Host {
  readonly where: string;
  /** null = it can be reached. */
  readonly fault: { readonly reason: string; readonly advice: string } | null;
}

/** Hosts that fail for the same reason, such as a proxy that is down, share a line. */
function groupFaults(hosts: readonly Host[]): readonly CheckResult[] {
  const faults = new Map(
    hosts.flatMap(({ fault }) => (fault === null ? [] : [[fault.reason, fault.advice] as const])),
  );
  return Array.from(faults, ([reason, advice]) => {
    const alike = hosts.filter(({ fault }) => fault?.reason === reason);
    const names = alike.map(({ where }) => where).join(', ');
    return unanswered(`${names} cannot be reached: ${reason}.`, advice);
  });
}

function sayReached(hosts: readonly string[]): CheckResult {
  return green(`can be reached: ${hosts.join(', ')}.`);
}

/** null = it can be reached. */
export async function tryHost(
  url: string,
  where: string,
  proxies: Proxies | null,
): Promise<CheckResult | null> {
  const fault = await faultOf(url, proxies);
  return groupFaults([{ where, fault }])[0] ?? null;
}

/** Sends nothing. */
async function faultOf(url: string, proxies: Proxies | null): Promise<Host['fault']> {
  try {
    await outboundBy(proxies).reach(url);
    return null;
  } catch (error) {
    return { reason: reasonOf(error), advice: unreachedAdvice(error) };
  }
}
