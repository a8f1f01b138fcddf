import { type ChildProcess, spawn } from 'node:child_process';
import { inject, onTestFailed, TestRunner } from 'vitest';

/** Runs `hostcache …` as a separate process. */

export interface Run {
  readonly child: ChildProcess;
  /** Its output so far. */
  readonly said: { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
  /** Resolves when the output matches; rejects if the process ends before. */
  until(pattern: RegExp): Promise<void>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs in `folder`, whose .env it reads, with only these settings and not the tester's. */
export function runHostcache(
  words: readonly string[],
  settings: Readonly<Record<string, string>>,
  options: {
    readonly folder: string;
    /** null = standard input stays open. */
    readonly input?: string | Uint8Array | null;
    /** Options of Node. */
    readonly node?: readonly string[];
    /** The start of the command, which runs the rest of it. */
    readonly through?: readonly string[];
  },
): Run {
  const { PATH = '' } = process.env;
  const command = [process.execPath, ...(options.node ?? []), inject('cli'), ...words];
  const [program = '', ...args] = [...(options.through ?? []), ...command];
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { PATH, ...settings },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (part) => (said.stdout += String(part)));
  child.stderr.on('data', (part) => (said.stderr += String(part)));
  if (options.input !== null) child.stdin.end(options.input ?? '');
  // Its log explains a test that fails.
  if (TestRunner.getCurrentTest() !== undefined)
    onTestFailed(() => void process.stderr.write(said.stderr));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...said });
    });
  });
  return { child, said, ended, until: (pattern) => until(child, said, ended, pattern) };
}

function until(
  child: ChildProcess,
  said: Run['said'],
  ended: Run['ended'],
  pattern: RegExp,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (pattern.test(said.stdout + said.stderr)) resolve();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    void ended.then(({ stderr }) =>
      reject(new Error(`ended before it said ${pattern}: ${stderr}`)),
    );
    look();
  });
}
