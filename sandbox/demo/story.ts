// The story that the project was born from, played on the real parts and told as a conversation.
import type { SlackPeer } from '../slack/peer.ts';
import { plainText } from '../slack/shown.ts';
import type { Attempt } from '../world.ts';
import type { Stage } from './stage.ts';

/** The client of the story; the address is nobody's (class E). */
export const CLIENT = '240.221.242.64';
export const CLIENT_NAME = 'merp.example.com';
const LOGIN = { user: 'jdoe', password: 'S0_S3cr3t' };

/** Something happened: told in the margin, between what people and the bot say. */
export interface Teller {
  happening(text: string): void;
  says(who: string, text: string): void;
}

export async function playStory(stage: Stage, teller: Teller): Promise<void> {
  const { world } = stage;
  await world.query(`CREATE USER 'jdoe'@'${CLIENT_NAME}' IDENTIFIED BY '${LOGIN.password}'`);
  teller.happening(
    `An account exists: 'jdoe'@'${CLIENT_NAME}'. DNS has lost the records of that machine.`,
  );
  await tryLogin(stage, teller);
  await seeRoot(stage, teller, /without a name/);
  await ask(stage, teller, 'alice', `why ${CLIENT} as jdoe`);
  world.dns.host(CLIENT, CLIENT_NAME);
  teller.happening(`Somebody mends DNS: ${CLIENT} is ${CLIENT_NAME} again, both ways.`);
  await tryLogin(stage, teller);
  await ask(stage, teller, 'alice', `why ${CLIENT} as jdoe`);
  await ask(stage, teller, 'alice', 'flush DNS is mended');
  await approve(stage, teller, 'bob');
  await tryLogin(stage, teller);
  await ask(stage, teller, 'alice', `why ${CLIENT} as jdoe`);
}

/** A person types a command; what comes back is told as it comes. */
export async function ask(
  { slack, channel, people }: Stage,
  teller: Teller,
  who: string,
  line: string,
): Promise<void> {
  const person = people.get(who);
  if (person === undefined) throw new Error(`nobody is called ${who}`);
  teller.says(who, `/hostcache ${line}`);
  const interaction = await slack.command(person, channel, `/hostcache ${line}`);
  if (interaction.failure !== null) {
    teller.happening(`Slack shows ${who}: ${interaction.failure}`);
    return;
  }
  await interaction.answer(20_000);
  for (const answer of await interaction.settled()) {
    teller.says(
      answer.isPrivate ? `hostcache, to ${who} alone` : 'hostcache, to #dba',
      answer.text,
    );
  }
}

export async function tryLogin({ world }: Stage, teller: Teller): Promise<void> {
  teller.happening(
    `jdoe connects from ${CLIENT}: ${sayAttempt(await world.connectFrom(CLIENT, LOGIN))}`,
  );
}

/** Presses the button of the request that waits; the program runs the one statement, once. */
export async function approve(stage: Stage, teller: Teller, who: string): Promise<void> {
  const person = stage.people.get(who);
  if (person === undefined) throw new Error(`nobody is called ${who}`);
  const card = await seeRoot(stage, teller, /^Approval needed/);
  const click = await stage.slack.click(person, card, { text: 'Approve and flush' });
  teller.happening(`${who} presses "Approve and flush".`);
  const { text } = await click.answer(20_000);
  teller.says(`hostcache, to ${who} alone`, text);
  // Refused, the request goes on waiting.
  if (text.includes('is approved')) await seeRoot(stage, teller, /^(Flushed|Failed|Superseded)/);
}

/** Waits for what the bot says to all, and tells it. */
async function seeRoot(
  { slack, channel }: Stage,
  teller: Teller,
  pattern: RegExp,
): Promise<ReturnType<SlackPeer['workspace']['roots']>[number]> {
  const message = await slack.workspace.until(
    () => slack.workspace.roots(channel).findLast((root) => pattern.test(plainText(root))),
    20_000,
  );
  teller.says('hostcache, to #dba', plainText(message));
  return message;
}

function sayAttempt(attempt: Attempt): string {
  switch (attempt.outcome) {
    case 'admitted':
      return `logged in as ${attempt.currentUser}.`;
    case 'error':
      return `ERROR ${attempt.code}: ${attempt.message}`;
    case 'closed':
      return `the connection closed (${attempt.reason}).`;
  }
}
