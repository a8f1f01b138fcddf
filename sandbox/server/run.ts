/** Runs one command to its end. Does I/O. */
import { spawn } from 'node:child_process';
import { env as ownEnv } from 'node:process';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves with its stdout. Rejects with the end of its stderr when it fails or does not exist. */
export function run({ program, args, input, env }: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    // The kernel ends it when this process dies, even by SIGKILL.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...ownEnv, LC_ALL: 'C', ...env },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program that ends without reading its input is judged by its exit code, not by EPIPE.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => reject(new Error(`${program}: cannot be run`, { cause })));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(stdout).toString());
      const reason = Buffer.concat(stderr).toString().trimEnd().slice(-2000);
      reject(new Error(`${program} ended with ${code ?? signal}: ${reason}`));
    });
    child.stdin.end(input);
  });
}
