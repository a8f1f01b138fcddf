// The terminal prompt of the demo: runs what a person types, as Alice, Bob or Carol, until Ctrl-C.
import { createInterface } from 'node:readline/promises';
import type { Lever } from '../page/world-panel.ts';
import type { Stage } from './stage.ts';
import { approve, ask, type Teller } from './story.ts';

const HELP = [
  'Or type a Slack command here, such as /hostcache status or /hostcache help.',
  'Other commands: as alice|bob|carol (who types) · login · dns break|fix · probe (a health check breaks off) · approve (approves the open flush request). Ctrl-C ends the demo.',
].join('\n');

export interface Prompter extends Teller {
  print(text: string): void;
  /** Callbacks that redraw the prompt after other output. */
  readonly redraws: Set<() => void>;
}

/** Resolves when the input ends or the person presses Ctrl-C. */
export async function prompt(stage: Stage, teller: Prompter): Promise<void> {
  teller.print(`\n${HELP}`);
  let who = 'alice';
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.setPrompt(`${who}> `);
  lines.prompt();
  lines.once('SIGINT', () => lines.close());
  let isBusy = false;
  teller.redraws.add(() => {
    if (!isBusy) lines.prompt(true);
  });
  for await (const line of lines) {
    isBusy = true;
    const [word = '', value = ''] = line.trim().split(/\s+/);
    if (word === 'as' && stage.people.has(value)) who = value;
    else await runLine(stage, teller, who, line.trim());
    isBusy = false;
    lines.setPrompt(`${who}> `);
    lines.prompt();
  }
}

const LEVERS: Readonly<Record<string, Lever>> = {
  login: 'login',
  'dns fix': 'fix',
  'dns break': 'break',
  probe: 'probe',
};

async function runLine(stage: Stage, teller: Prompter, who: string, line: string): Promise<void> {
  const [word = ''] = line.split(/\s+/);
  const lever = LEVERS[line.replaceAll(/\s+/g, ' ')];
  const [client] = stage.panel.clients;
  if (line === '') return;
  if (word === '/hostcache') await ask(stage, teller, who, line.slice(word.length).trim());
  else if (word === 'approve') await approve(stage, teller, who);
  else if (lever !== undefined && client !== undefined) {
    await stage.panel.pull(lever, client.address);
  } else teller.print(`Unknown command: "${line}".\n${HELP}`);
}
