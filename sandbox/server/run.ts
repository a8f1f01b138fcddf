/** One command run to its end, with its output; asks the world. */
import { spawn } from 'node:child_process';
import { env as ownEnv } from 'node:process';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What it wrote to stdout. Rejects with the end of its stderr when it fails or is not there. */
export function run({ program, args, input, env }: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    // It dies with us, also when we are killed.
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
      const said = Buffer.concat(stderr).toString().trimEnd().slice(-2000);
      reject(new Error(`${program} ended with ${code ?? signal}: ${said}`));
    });
    child.stdin.end(input);
  });
}
