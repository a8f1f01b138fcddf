// npm run demo: starts MySQL, a local Slack workspace and the bot, plays a story, then sets the visitor a task.
import { hostname } from 'node:os';
import { styleText } from 'node:util';
import { HELP, readOptions } from './demo/options.ts';
import { playPlanStory } from './demo/plan-story.ts';
import { type Prompter, prompt } from './demo/prompt.ts';
import { openStage, type Stage } from './demo/stage.ts';
import { playStory } from './demo/story.ts';
import { layTask } from './demo/task.ts';
import { untilTold } from './demo/until-told.ts';

const startedMs = performance.now();

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function paint(style: 'bold' | 'dim', text: string): string {
  const isPlain = !process.stdout.isTTY || process.env['NO_COLOR'];
  return isPlain ? text : styleText(style, text);
}

/** Called after output that interrupts the prompt, so that the prompt redraws itself. */
const redraws = new Set<() => void>();

function happening(text: string): void {
  // Erases the prompt on the current line.
  if (redraws.size > 0) process.stdout.write('\r\u001B[K');
  print(paint('dim', `\n* ${text}`));
  for (const redraw of redraws) redraw();
}

const teller: Prompter = {
  print,
  redraws,
  says: (who, text) => print(`\n${paint('bold', `${who}:`)}\n${text.replace(/^/gm, '    ')}`),
};

type Options = Extract<ReturnType<typeof readOptions>, { readonly kind: 'good' }>;

/** Plays the story, then sets the task and stays up while there is a terminal or `stays` is true. */
async function play(stage: Stage, { plan, stay: stays }: Options): Promise<void> {
  await (plan ? playPlanStory : playStory)(stage, teller);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  print(`\nThat was the story, on real parts, in ${seconds} s.`);
  if (!stays && !process.stdin.isTTY) return;
  if (!plan) await layTask(stage);
  print(`\n${paint('bold', `Open ${stage.slack.origin}/`)} and try it yourself.`);
  if (process.stdin.isTTY) await prompt(stage, teller);
  else await new Promise(() => undefined);
}

async function run(options: Options): Promise<void> {
  const { port } = options;
  const ended = untilTold();
  const stage = await openStage({
    say: (line) => print(paint('dim', line)),
    happening,
    opened: (address) => {
      print(`${paint('bold', `Open ${address}`)} in a browser.`);
      if (process.env['SSH_CONNECTION']) print(paint('dim', forwardingHint(address)));
    },
    ...(port !== undefined && { port }),
  });
  try {
    await Promise.race([play(stage, options), ended]);
  } finally {
    await stage.stop();
  }
}

/** The page answers on this machine only. */
function forwardingHint(address: string): string {
  const { port } = new URL(address);
  return `On your own machine, first run: ssh -L ${port}:127.0.0.1:${port} ${hostname()}`;
}

const options = readOptions(process.argv.slice(2));
if (options.kind === 'help') {
  print(HELP);
  process.exit(0);
}
if (options.kind === 'wrong') {
  process.stderr.write(`demo: ${options.why}\n`);
  process.exit(2);
}
try {
  await run(options);
  process.exit(0);
} catch (error) {
  process.stderr.write(`demo: ${explain(error, options.port)}\n`);
  process.exit(3);
}

function explain(error: unknown, port: number | undefined): string {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (isTaken)
    return `port ${port} is in use; choose another one, or omit --port to use a free one`;
  return error instanceof Error ? error.message : String(error);
}
