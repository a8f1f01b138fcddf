#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createLog } from './adapters/log/log.ts';
import { faultOfCron } from './adapters/schedule/cron.ts';
import { createSchedule } from './adapters/schedule/schedule.ts';
import { createAbsentState } from './adapters/store/absent.ts';
import type { State } from './adapters/store/store.ts';
import { type Arguments, parseArguments } from './adapters/terminal/arguments.ts';
import { withInput } from './adapters/terminal/input.ts';
import { printReply, type Terminal, write } from './adapters/terminal/print.ts';
import { createProgress, type Progress } from './adapters/terminal/progress.ts';
import { createApp } from './app.ts';
import type { Commands } from './chat/command.ts';
import type { Log } from './chat/log.ts';
import { type ExitCode, type Reply, refuse as refusal } from './chat/reply.ts';
import type { Need, Subcommand } from './chat/subcommand.ts';
import { isUnreadable } from './chat/unreadable.ts';
import { splitWords } from './chat/words.ts';
import { createBackground, joinFlushes } from './compose/flushes.ts';
import { joinSweeps } from './compose/sweeps.ts';
import { closeTargets, createTargets, watchTargets } from './compose/targets.ts';
import { type Config, readConfig, SETTING_NAMES } from './config/config.ts';
import { readEnvironment } from './config/environment.ts';
import type { Check } from './doctor/check.ts';
import type { Scheduled } from './sweep/schedule.ts';

/** The terminal's way in: `hostcache why 192.0.2.7`. Messages on stdout, faults on stderr. */

/** What each subcommand cannot do without; all others read MySQL. */
const NEEDS: Readonly<Record<string, readonly Need[]>> = {
  start: ['slack', 'mysql'],
  doctor: ['all', 'mysql'],
  status: ['mysql', 'state', 'plans'],
  history: ['mysql', 'state'],
  explain: [],
};

/** For the list of subcommands alone. */
const NO_CONFIG = { servers: [], nullHostAlerts: 'all', flushRequestTtlMs: 0 } as const;

/** A person who has pressed Ctrl-C waits no longer for servers to say goodbye. */
const GOODBYE_MS = 300;

// Whoever writes hears of it too: `| head` has seen enough, and a full disk is told of.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exit(await run(process.argv.slice(2)).catch(fail));

async function run(argv: readonly string[]): Promise<ExitCode> {
  const typed = parseArguments(argv);
  if (typeof typed === 'string') return refuse([typed], 2);
  if (typed.wantsVersion) {
    await write(process.stdout, `hostcache ${version()}\n`);
    return 0;
  }
  const { words, options } = typed.wantsHelp ? helpOn(typed) : typed;
  const name = createBlankApp().chosen(words, 'terminal');
  const config = settingsFor(name);
  if ('faults' in config) return refuse(config.faults, 2);
  return await answer(config, { ...typed, words, options }, name);
}

/** `--help` behind anything is the help on its subcommand. */
function helpOn({ words }: Arguments): Pick<Arguments, 'words' | 'options'> {
  return { words: ['help', ...words.slice(0, 1)], options: {} };
}

async function answer(config: Config, typed: Arguments, name: string | null): Promise<ExitCode> {
  // A single question is answered in words; the log speaks up where those cannot say it.
  const log = createLog(config.logLevel ?? (name === 'start' ? 'info' : 'error'));
  const progress = createProgress(process);
  const targets = name === 'start' ? [] : createTargets(config.servers);
  if (name === 'start') progress.end();
  else endBySignal(targets, progress);
  const state = await openState(config, name);
  if ('fault' in state) return refuse([state.fault], 3);
  const startCommand = createStart(async () => {
    const { start } = await import('./main.ts');
    return await start(config, log);
  });
  const watched = watchTargets(targets, progress.watch);
  const checks = name === 'doctor' ? await checksOf(config, watched, log, progress) : [];
  const app = joinApp({ config, targets: watched, checks, state, log, also: [startCommand] });
  const request = await withInput(typed, name);
  if (typeof request === 'string') return refuse([request], 2);
  const reply = await app.runWords(request);
  progress.end();
  await printReply(reply, typed.isJson, terminal(app));
  await closeTargets(targets);
  if (isStateful(name)) await state.close();
  return reply.exit;
}

function joinApp(parts: {
  readonly config: Config;
  readonly targets: ReturnType<typeof createTargets>;
  readonly checks: readonly Check[];
  readonly state: State;
  readonly log: Log;
  readonly also: readonly Subcommand[];
}): Commands {
  const { config, targets, checks, state, log, also } = parts;
  const now = () => new Date();
  const wake = () => undefined;
  const scheduled = plansOf(config.servers, log);
  const sweeps = joinSweeps({ config, targets, state, log, now, wake, scheduled });
  const flushes = joinFlushes(
    { config, targets, state, people: null, log, now, wake },
    createBackground(log),
  );
  return createApp({ ...sweeps, ...flushes, targets, checks }, null, also);
}

/** When a bot with these settings sweeps next; here nothing is swept. */
function plansOf(servers: Config['servers'], log: Log): ReadonlyMap<string, Scheduled> {
  const schedule = createSchedule({ log });
  const plan = async () => undefined;
  return new Map(
    servers.map(({ name, sweepCron }) => [name, schedule.every(sweepCron, plan)] as const),
  );
}

/** Doctor alone needs Slack and the state: what else is asked is answered sooner without them. */
async function checksOf(
  config: Config,
  targets: ReturnType<typeof createTargets>,
  log: Log,
  { watch }: Progress,
): Promise<readonly Check[]> {
  const { joinChecks } = await import('./compose/checks.ts');
  const checks = joinChecks({ config, targets, log, now: () => new Date() });
  return checks.map(({ name, run: check }) => ({ name, run: () => watch(name, check()) }));
}

/** Ctrl-C and its like: the line is erased, connections are closed, 128 and the signal's number. */
function endBySignal(targets: ReturnType<typeof createTargets>, progress: Progress): void {
  for (const [signal, exit] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      process.on(signal, () => process.exit(exit));
      progress.end();
      void closeTargets(targets, GOODBYE_MS).then(() => process.exit(exit));
    });
  }
}

/** These tell what the bot remembers; the others need no state, and open none. */
function isStateful(name: string | null): boolean {
  return name === 'status' || name === 'history';
}

async function openState(
  { statePlace }: Config,
  name: string | null,
): Promise<State | { readonly fault: string }> {
  if (!isStateful(name)) return createAbsentState();
  const { openToLook } = await import('./adapters/store/look.ts');
  try {
    const { state, note } = await openToLook(statePlace);
    if (note !== null) await write(process.stderr, `hostcache: ${note}\n`);
    return state;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { fault: error.message };
  }
}

function terminal(app: Commands): Terminal {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    // Whom a terminal answers is the same for all: `publicly` says nothing there.
    offers: ({ line, replaces }) =>
      replaces !== true &&
      app.chosen(splitWords(line), 'terminal') !== null &&
      !/\spublicly$/.test(line),
  };
}

function createStart(run: () => Promise<string | null>): Subcommand {
  return {
    name: 'start',
    usage: 'start',
    summary: 'Runs the Slack bot until it is told to stop (SIGTERM, Ctrl-C).',
    example: 'start',
    surfaces: ['terminal'],
    needs: ['slack', 'mysql'],
    run: async (): Promise<Reply> => {
      const fault = await run();
      const stopped: Reply = { messages: [], rows: [], exit: 0, isPublic: false };
      return fault === null ? stopped : refusal(fault, 3);
    },
  };
}

/** Knows every subcommand and asks nobody: says which one was meant before settings are read. */
function createBlankApp(): Commands {
  const log = createLog('silent');
  const also = [createStart(async () => null)];
  const now = () => new Date();
  const parts = { config: NO_CONFIG, targets: [], state: createAbsentState(), log, now };
  const sweeps = joinSweeps({ ...parts, wake: () => undefined, scheduled: new Map() });
  const flushes = joinFlushes(
    { ...parts, people: null, wake: () => undefined },
    createBackground(log),
  );
  return createApp({ ...sweeps, ...flushes, targets: [], checks: [] }, null, also);
}

/** Help names the configured servers where it can, and does without any. */
function settingsFor(name: string | null): ReturnType<typeof readConfig> {
  const config = readSettings(name === null ? [] : (NEEDS[name] ?? ['mysql']));
  return name === 'help' && 'faults' in config ? readSettings([]) : config;
}

function readSettings(needs: readonly Need[]): ReturnType<typeof readConfig> {
  const environment = readEnvironment(SETTING_NAMES, process.cwd(), process.env);
  return readConfig(environment, needs, faultOfCron);
}

/** Told in one line where nothing more is known than that it could not be written. */
async function fail(error: unknown): Promise<ExitCode> {
  const isUnwritten = error instanceof Error && 'syscall' in error && error.syscall === 'write';
  if (isUnwritten) return refuse([`the answer could not be written: ${error.message}`], 3);
  createLog('error').error('a fault that nobody caught', { error });
  return 3;
}

async function refuse(faults: readonly string[], exit: ExitCode): Promise<ExitCode> {
  await write(process.stderr, faults.map((fault) => `hostcache: ${fault}\n`).join(''));
  return exit;
}

function version(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version: found } = JSON.parse(file);
  return String(found);
}
