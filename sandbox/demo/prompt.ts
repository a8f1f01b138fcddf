// Stays up for commands typed by a person, as any of three people, until Ctrl-C.
import { createInterface } from 'node:readline/promises';
import type { Stage } from './stage.ts';
import { approve, ask, CLIENT, CLIENT_NAME, type Teller, tryLogin } from './story.ts';

const HELP = [
  'Type a command as you would in Slack, such as /hostcache why 240.221.242.64 or /hostcache help.',
  'Others: as alice|bob|carol (who types) · login (jdoe tries) · dns break|mend · probe <times> (a health check breaks off) · approve (presses the button of the flush request that waits) · Ctrl-C ends.',
].join('\n');

/** Resolves when the person has had enough. */
export async function prompt(stage: Stage, teller: Teller): Promise<void> {
  teller.happening(HELP);
  let who = 'alice';
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.setPrompt(`${who}> `);
  lines.prompt();
  lines.once('SIGINT', () => lines.close());
  for await (const line of lines) {
    const [word = '', value = ''] = line.trim().split(/\s+/);
    if (word === 'as' && stage.people.has(value)) who = value;
    else await obey(stage, teller, who, line.trim());
    lines.setPrompt(`${who}> `);
    lines.prompt();
  }
}

async function obey(stage: Stage, teller: Teller, who: string, line: string): Promise<void> {
  const [word = '', value = ''] = line.split(/\s+/);
  const { dns } = stage.world;
  if (line === '') return;
  if (word === '/hostcache') await ask(stage, teller, who, line.slice(word.length).trim());
  else if (word === 'login') await tryLogin(stage, teller);
  else if (word === 'approve') await approve(stage, teller, who);
  else if (word === 'dns' && value === 'mend') {
    dns.host(CLIENT, CLIENT_NAME);
    teller.happening(`DNS: ${CLIENT} is ${CLIENT_NAME}, both ways.`);
  } else if (word === 'dns' && value === 'break') {
    dns.ptr(CLIENT, 'NXDOMAIN');
    teller.happening(`DNS: ${CLIENT} has no PTR record.`);
  } else if (word === 'probe' && /^\d{1,3}$/.test(value)) {
    await stage.world.breakHandshakeFrom(CLIENT, Number(value));
    teller.happening(`A health check broke off ${value} handshakes from ${CLIENT}.`);
  } else teller.happening(`Not understood: "${line}".\n${HELP}`);
}
