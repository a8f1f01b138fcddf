/** Creates namespaces (network, mounts, processes) and starts the agent in them. Does I/O. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { DnsServer } from '../dns.ts';
import type { Progress } from '../server/cache.ts';
import { unpack } from '../server/debian.ts';
import { type Agent, converse } from './agent-line.ts';

const FLAGS = ['--net', '--mount', '--pid', '--uts', '--fork', '--kill-child'];
const AS_ANYBODY = ['--user', '--map-root-user'];

/**
 * Makes all addresses local, so that a client can bind any of them. Steps that fail on some
 * machines (IPv6, a writable /proc/sys, a name service cache) are optional. The host name has no
 * dots, so that the resolver adds no domain.
 */
const SETUP = `
folder=$1 ip=$2 host=$3 mac=$4 data=$5; shift 5
cd "$folder"
hostname "$host"
"$ip" link set lo up
[ -z "$mac" ] || "$ip" link set lo address "$mac"
[ -z "$data" ] || mount --bind "$folder/data" "$data"
"$ip" route add local 0.0.0.0/0 dev lo
{ echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6
  echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind
  echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range
  "$ip" -6 route add local ::/0 dev lo; } 2>/dev/null || true
for file in resolv.conf hosts nsswitch.conf; do
  [ ! -e /etc/$file ] || mount --bind "$folder/$file" /etc/$file
done
[ ! -d /run/nscd ] || mount -t tmpfs none /run/nscd
exec "$@"
`;

export interface ResolverOptions {
  /** Seconds that the server's resolver waits for each of its `attempts`. */
  readonly timeout: number;
  readonly attempts: number;
}

export interface Machine {
  /** Its host name, without dots; default `sandbox`. */
  readonly host?: string;
  /** The MAC address of its network; without one it has none, like a loopback. */
  readonly mac?: string;
  /** Where the server sees its data, such as /srv, which must exist; default the world's own folder. */
  readonly data?: string;
}

/** Resolves when the agent is ready for orders. The agent removes the folder when it ends. */
export async function enterNamespace(options: {
  readonly folder: string;
  readonly dns: DnsServer | null;
  readonly resolver: ResolverOptions;
  readonly hosts: Readonly<Record<string, string>>;
  readonly machine: Machine;
  readonly progress: Progress;
}): Promise<Agent> {
  const flags = [...FLAGS, ...neededFlags()];
  await writeResolverFiles(options);
  const ip = await findIp(options.folder, options.progress);
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const agentFile = fileURLToPath(new URL('agent.ts', import.meta.url));
  const agent = [process.execPath, '--import', tsx, agentFile, options.folder];
  const { host = 'sandbox', mac = '', data = '' } = options.machine;
  const setup = ['sh', '-euc', SETUP, 'setup', options.folder, ip, host, mac, data];
  const args = [...flags, ...setup, ...agent, options.dns === null ? 'no-dns' : 'dns'];
  const child = spawn('unshare', args, {
    // A separate session, so that Ctrl-C reaches only the parent, which then stops the agent in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return converse(child, options.dns);
}

/** The start of a command that runs the rest of it with no network but a loopback of its own. */
export async function withoutNetwork(folder: string): Promise<readonly string[]> {
  const ip = await findIp(folder, () => undefined);
  const setup = '"$0" link set lo up; exec "$@"';
  return ['unshare', '--net', ...neededFlags(), 'sh', '-euc', setup, ip];
}

/** The start of a command that runs the rest of it with a disk of `kb` kilobytes at `folder`. */
export function withSmallDisk(folder: string, kb: number): readonly string[] {
  const setup = 'mount -t tmpfs -o size="$1"k none "$0"; shift; exec "$@"';
  return ['unshare', '--mount', ...neededFlags(), 'sh', '-euc', setup, folder, String(kb)];
}

/** The start of a command that runs the rest of it with `folder` read-only. */
export function withReadOnlyDisk(folder: string): readonly string[] {
  const setup = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; exec "$@"';
  return ['unshare', '--mount', ...neededFlags(), 'sh', '-euc', setup, folder];
}

/** The start of a command that runs the rest of it where that process sees its disks. */
export function besideProcess(pid: number): readonly string[] {
  const asThere = neededFlags().length === 0 ? [] : ['--user', '--preserve-credentials'];
  return ['nsenter', '--target', String(pid), '--mount', ...asThere];
}

function neededFlags(): readonly string[] {
  const candidates = process.getuid?.() === 0 ? [[], AS_ANYBODY] : [AS_ANYBODY];
  const tries = candidates.map((flags) => ({
    flags,
    result: spawnSync('unshare', [...FLAGS, ...flags, 'true'], { encoding: 'utf8' }),
  }));
  const good = tries.find(({ result }) => result.status === 0);
  if (good !== undefined) return good.flags;
  const why = tries.map(({ result }) => result.error?.message ?? result.stderr.trim()).join('; ');
  throw new Error(
    `The sandbox needs Linux and either root or user namespaces, and has neither here (${why}).`,
  );
}

async function writeResolverFiles(options: {
  readonly folder: string;
  readonly resolver: ResolverOptions;
  readonly hosts: Readonly<Record<string, string>>;
}): Promise<void> {
  const { folder, hosts } = options;
  const { timeout, attempts } = options.resolver;
  const lines = Object.entries(hosts).map(([address, name]) => `${address} ${name}\n`);
  const files = {
    'resolv.conf': `nameserver 127.0.0.53\noptions timeout:${timeout} attempts:${attempts}\n`,
    hosts: `127.0.0.1 localhost\n::1 localhost\n${lines.join('')}`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\n',
  };
  const names = Object.entries(files);
  await Promise.all(names.map(([name, text]) => writeFile(join(folder, name), text)));
}

/** The command `ip`: on the PATH, or a script that runs the one unpacked from Debian. */
async function findIp(folder: string, progress: Progress): Promise<string> {
  if (spawnSync('ip', ['-V']).status === 0) return 'ip';
  const instead = 'Install iproute2, so that `ip` is on the PATH.';
  const unpacked = await unpack({ package: 'iproute2', suite: 'own', instead, progress });
  const path = ['bin/ip', 'usr/bin/ip'].find((name) => existsSync(join(unpacked.root, name)));
  const words = unpacked.command(path ?? 'sbin/ip').map((w) => `'${w.replaceAll("'", "'\\''")}'`);
  const script = join(folder, 'ip');
  await writeFile(script, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return script;
}
