/** Starts one database server with its own DNS and network; all of it ends with the parent process. Does I/O. */
import { rm } from 'node:fs/promises';
import { type DnsServer, type ScriptedDns, startDns } from './dns.ts';
import type { Progress } from './server/cache.ts';
import { findServerProgram, type ServerProgram } from './server/program.ts';
import type { Flavour } from './server/releases.ts';
import { copyTemplate } from './server/template.ts';
import type { Agent } from './world/agent-line.ts';
import { type Door, openDoor } from './world/door.ts';
import { makeWorldFolder } from './world/folder.ts';
import {
  type Attempt,
  type BreakWith,
  type Greeting,
  type Login,
  SERVER_PORT,
  type Signal,
  type StuckAt,
} from './world/messages.ts';
import { enterNamespace, type Machine, type ResolverOptions } from './world/namespace.ts';
import { createRoot, filesIn, type Query, serverCommand, startServer } from './world/server.ts';

export type { DnsAnswer, ScriptedDns } from './dns.ts';
export type { Attempt, BreakWith, Greeting, Login, Signal, StuckAt } from './world/messages.ts';

export interface WorldOptions {
  readonly flavour: Flavour;
  /** The server to start; default what this machine has of that flavour. */
  readonly program?: ServerProgram;
  /** Options of the server, such as `--max-connect-errors=3`. They come last, so they win. */
  readonly args?: readonly string[];
  /** `loopback` also admits TCP clients from the host's loopback, at `port`; `namespace` (default) does not. */
  readonly network?: 'namespace' | 'loopback';
  /** The address that clients from the host's loopback seem to have; default their own. */
  readonly outsidersFrom?: string;
  /** False = the server's DNS questions get no answer. */
  readonly useDns?: boolean;
  /** The server's resolv.conf; default 1 s and one attempt (glibc's defaults are 5 s and two). */
  readonly resolver?: ResolverOptions;
  /** Names by address that only the database host knows, from its hosts file. */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly machine?: Machine;
  readonly progress?: Progress;
}

export interface Session {
  readonly currentUser: string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface World {
  readonly flavour: Flavour;
  /** From the server program's `--version`: `9.7.4-2`. */
  readonly version: string;
  /** The server's Unix socket, which works from outside the namespace. */
  readonly socketPath: string;
  /** On the host's 127.0.0.1 in a `loopback` world, otherwise only inside the namespace. */
  readonly port: number;
  readonly dns: ScriptedDns;
  /** `127.0.0.1:port`, for `DNS_SERVERS`. */
  readonly dnsServer: string;
  readonly errorLog: string;
  /** The rows of the (last) statement, as root@localhost; times as text, in the session's zone. */
  readonly query: Query;
  /** Logs in from that address and disconnects. */
  connectFrom(address: string, login?: Login): Promise<Attempt>;
  /** Logs in and keeps the connection. Rejects when the server refuses it. */
  openFrom(address: string, login?: Login): Promise<Session>;
  /** Connects and falls silent; by default after reading the greeting. */
  hangFrom(
    address: string,
    at?: StuckAt,
  ): Promise<{ readonly greeting: Greeting | null; close(reset?: boolean): Promise<void> }>;
  /** Connects and breaks off before login, one after the other. When it resolves, the server has counted the errors. */
  breakHandshakeFrom(
    address: string,
    times?: number,
    breakWith?: BreakWith,
  ): Promise<readonly Greeting[]>;
  /** Sends a signal to the server's process. */
  signal(signal: Signal): Promise<void>;
  stopServer(): Promise<void>;
  /** Starts with other options, or with the previous ones. Keeps the data. */
  startServer(args?: readonly string[]): Promise<void>;
  restart(args?: readonly string[]): Promise<void>;
  /** Stops everything and removes the data. */
  stop(): Promise<void>;
}

const QUICK_RESOLVER: ResolverOptions = { timeout: 1, attempts: 1 };

/** Rejects, and cleans up, when the machine lacks something or the server does not start. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { progress = () => undefined } = options;
  const program = options.program ?? (await findServerProgram(options.flavour, progress));
  const folder = await makeWorldFolder();
  const dns = await startDns();
  progress('The DNS server of the sandbox is running.');
  // Stopped in reverse order.
  const undo = [() => rm(folder, { recursive: true, force: true }), dns.close];
  const stopAll = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    await copyTemplate(program, filesIn(folder).data, progress);
    const agent = await enterNamespace({
      folder,
      dns: options.useDns === false ? null : dns,
      resolver: options.resolver ?? QUICK_RESOLVER,
      hosts: options.hosts ?? {},
      machine: options.machine ?? {},
      progress,
    });
    undo.push(agent.leave);
    const { outsidersFrom = null } = options;
    const door = options.network === 'loopback' ? await openDoor(folder, outsidersFrom) : null;
    if (door !== null) undo.push(door.close);
    const { machine = {}, args = [] } = options;
    return await raise({ program, folder, dns, agent, door, machine, stopAll }, args);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

interface Parts {
  readonly program: ServerProgram;
  readonly folder: string;
  readonly dns: DnsServer;
  readonly agent: Agent;
  readonly door: Door | null;
  readonly machine: Machine;
  stopAll(): Promise<void>;
}

async function raise(parts: Parts, args: readonly string[]): Promise<World> {
  const { program, dns, agent, machine } = parts;
  const files = filesIn(parts.folder);
  const always = machine.data === undefined ? [] : [`--datadir=${machine.data}`];
  const start = (given: readonly string[]) =>
    startServer(agent, serverCommand(program, files, [...always, ...given]), files);
  await start(args);
  return {
    flavour: program.flavour,
    version: program.version,
    socketPath: files.socket,
    port: parts.door?.port ?? SERVER_PORT,
    dns: dns.dns,
    dnsServer: dns.address,
    errorLog: files.errorLog,
    ...createClients(agent),
    ...createLevers(parts, start, args),
  };
}

type Clients = Pick<World, 'connectFrom' | 'openFrom' | 'hangFrom' | 'breakHandshakeFrom'>;

function createClients(agent: Agent): Clients {
  return {
    connectFrom: (address, login = {}) => agent.order('connect', { address, login }),
    async openFrom(address, login = {}) {
      const { held, attempt } = await agent.order('open', { address, login });
      if (attempt.outcome !== 'admitted')
        throw new Error(`No session from ${address}: ${JSON.stringify(attempt)}`);
      return {
        currentUser: attempt.currentUser,
        query: (sql) => agent.order('query', { held, sql }),
        close: async () => void (await agent.order('release', { held, reset: false })),
      };
    },
    async hangFrom(address, at = 'greeting') {
      const { held, greeting } = await agent.order('hang', { address, at });
      const close = async (reset = false) => void (await agent.order('release', { held, reset }));
      return { greeting, close };
    },
    breakHandshakeFrom: (address, times = 1, breakWith = 'fin') =>
      agent.order('breakHandshake', { address, times, breakWith }),
  };
}

type Levers = Pick<World, 'query' | 'signal' | 'stopServer' | 'startServer' | 'restart' | 'stop'>;

function createLevers(
  { folder, agent, door, stopAll }: Parts,
  start: (args: readonly string[]) => Promise<void>,
  firstArgs: readonly string[],
): Levers {
  const root = createRoot(filesIn(folder).socket);
  let lastArgs = firstArgs;
  const stopServer = async () => {
    root.leave();
    await door?.close();
    await agent.order('stop', {});
  };
  const startAgain = async (args = lastArgs) => {
    lastArgs = args;
    await start(args);
    await door?.reopen();
  };
  return {
    query: root.query,
    signal: async (signal) => void (await agent.order('signal', { signal })),
    stopServer,
    startServer: startAgain,
    async restart(args) {
      await stopServer();
      await startAgain(args);
    },
    async stop() {
      root.leave();
      await stopAll();
    },
  };
}
