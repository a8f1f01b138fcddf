#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { createLog } from './adapters/log/log.ts';
import { faultOfCron } from './adapters/schedule/cron.ts';
import { createAbsentState } from './adapters/store/absent.ts';
import type { State } from './adapters/store/store.ts';
import { type Arguments, parseArguments } from './adapters/terminal/arguments.ts';
import { printReply, type Terminal, write } from './adapters/terminal/print.ts';
import { createApp } from './app.ts';
import { type Commands, plainReply } from './chat/command.ts';
import { text } from './chat/message.ts';
import type { ExitCode, Reply, Subcommand } from './chat/subcommand.ts';
import { splitWords } from './chat/words.ts';
import { joinChecks } from './checks.ts';
import { readEnvironment } from './config/environment.ts';
import { type Config, type Need, readConfig, SETTING_NAMES } from './config.ts';
import { createBackground, joinFlushes } from './flushes.ts';
import { isUnreadable } from './hostcache/unreadable.ts';
import { joinSweeps } from './sweeps.ts';
import { closeTargets, createTargets } from './targets.ts';

/** The terminal's way in: `hostcache why 192.0.2.7`. Messages on stdout, faults on stderr. */

/** What each subcommand cannot do without; all others read MySQL. */
const NEEDS: Readonly<Record<string, readonly Need[]>> = {
  start: ['slack', 'mysql'],
  doctor: ['all', 'mysql'],
  status: ['mysql', 'state'],
  history: ['mysql', 'state'],
  explain: [],
  help: [],
};

/** For the list of subcommands alone. */
const NO_CONFIG = { servers: [], nullHostAlerts: 'all', flushRequestTtlMs: 0 } as const;

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` has seen enough: nobody is left to be told, and the exit code still counts.
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exit(await run(process.argv.slice(2)));

async function run(argv: readonly string[]): Promise<ExitCode> {
  const typed = parseArguments(argv);
  if (typeof typed === 'string') return refuse([typed], 2);
  if (typed.wantsVersion) {
    await write(process.stdout, `hostcache ${version()}\n`);
    return 0;
  }
  const words = typed.wantsHelp ? ['help', ...typed.words.slice(0, 1)] : typed.words;
  const name = createBlankApp().chosen(words, 'terminal');
  const config = readSettings(name === null ? [] : (NEEDS[name] ?? ['mysql']));
  if ('faults' in config) return refuse(config.faults, 2);
  return await answer(config, { ...typed, words }, name);
}

async function answer(config: Config, typed: Arguments, name: string | null): Promise<ExitCode> {
  // A single question is answered in words; the log speaks up where those cannot say it.
  const log = createLog(config.logLevel ?? (name === 'start' ? 'info' : 'error'));
  const targets = name === 'start' ? [] : createTargets(config.servers);
  const startCommand = createStart(async () => {
    const { start } = await import('./main.ts');
    return await start(config, log);
  });
  const state = await openState(config, name);
  if ('fault' in state) return refuse([state.fault], 3);
  const now = () => new Date();
  const sweeps = joinSweeps({
    config,
    targets,
    state,
    log,
    now,
    wake: () => undefined,
    scheduled: new Map(),
  });
  const flushes = joinFlushes(
    { config, targets, state, people: null, log, now, wake: () => undefined },
    createBackground(log),
  );
  const checks = joinChecks({ config, targets, log, now });
  const also = [startCommand];
  const app = createApp({ targets, sweeps, flushes, checks, now, log, guard: null, also });
  const request = await withInput(typed, name);
  if (typeof request === 'string') return refuse([request], 2);
  const reply = await app.runWords(request);
  await printReply(reply, typed.isJson, terminal(app));
  await closeTargets(targets);
  if (isStateful(name)) await state.close();
  return reply.exit;
}

/** These tell what the bot remembers; the others need no state, and open none. */
function isStateful(name: string | null): boolean {
  return name === 'status' || name === 'history';
}

async function openState(
  { stateUrl }: Config,
  name: string | null,
): Promise<State | { readonly fault: string }> {
  if (!isStateful(name)) return createAbsentState();
  const { openStore } = await import('./adapters/store/store.ts');
  try {
    return await openStore({ url: stateUrl });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { fault: error.message };
  }
}

type Input = Parameters<Commands['runWords']>[0];

/** The request, with what a file or standard input holds put in; a string is why it could not be read. */
async function withInput(typed: Arguments, name: string | null): Promise<Input | string> {
  const { words, options } = typed;
  if (name === 'explain') {
    const content = await contentOf(words.slice(1));
    return typeof content === 'string' ? content : { words, options, line: content.text };
  }
  if (name !== 'why' || !words.includes('-')) return { words, options };
  const lines = (await readAll(process.stdin)).split('\n');
  const clients = lines.map((line) => line.trim()).filter((line) => line !== '');
  return { words: words.flatMap((word) => (word === '-' ? clients : [word])), options };
}

async function contentOf(words: readonly string[]): Promise<{ readonly text: string } | string> {
  const path = words.join(' ') || '-';
  if (path === '-') return { text: await readAll(process.stdin) };
  // A quoted error message, which is never the name of a file.
  if (/\s/.test(path) && !existsSync(path)) return { text: path };
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
    return `expected a file that can be read, got ${reason} at ${path}`;
  }
}

function terminal(app: Commands): Terminal {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    // Whom a terminal answers is the same for all: `publicly` says nothing there.
    offers: ({ line }) =>
      app.chosen(splitWords(line), 'terminal') !== null && !/\spublicly$/.test(line),
  };
}

function createStart(run: () => Promise<string | null>): Subcommand {
  return {
    name: 'start',
    usage: 'start',
    summary: 'Runs the Slack bot until it is told to stop (SIGTERM, Ctrl-C).',
    example: 'start',
    surfaces: ['terminal'],
    run: async ({ words }): Promise<Reply> => {
      if (words.length > 0) return plainReply(text('start takes no words; see .env.example.'), 2);
      const fault = await run();
      const stopped: Reply = { messages: [], rows: [], exit: 0, isPublic: false };
      return fault === null ? stopped : plainReply(text(fault), 3);
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
  return createApp({ targets: [], sweeps, flushes, now, log, guard: null, also });
}

function readSettings(needs: readonly Need[]): ReturnType<typeof readConfig> {
  const environment = readEnvironment(SETTING_NAMES, process.cwd(), process.env);
  return readConfig(environment, needs, faultOfCron);
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
