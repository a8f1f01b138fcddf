// Plays the story that the project began with, on the real parts, and prints it as a conversation.
import type { ClientLogin } from '../page/world-panel.ts';
import type { SlackPeer } from '../slack/peer.ts';
import { plainText } from '../slack/shown.ts';
import type { Stage } from './stage.ts';

/** The client of the story; its address is unassigned (class E). */
const JDOE: ClientLogin = {
  address: '240.221.242.64',
  host: 'merp.example.com',
  account: 'jdoe',
  password: 'S0_S3cr3t',
};

/** Prints what people and the bot write; the stage's panel reports everything else. */
export interface Teller {
  says(who: string, text: string): void;
}

export async function playStory(stage: Stage, teller: Teller): Promise<void> {
  const { world, panel } = stage;
  const { address, host, account, password } = JDOE;
  panel.offer(JDOE);
  await world.query(`CREATE USER '${account}'@'${host}' IDENTIFIED BY '${password}'`);
  panel.happened(
    `There is an account '${account}'@'${host}'. DNS no longer has records for that machine.`,
  );
  await panel.pull('login', address);
  await seeRoot(stage, teller, /without a name/);
  await ask(stage, teller, 'alice', `why ${address} as ${account}`);
  panel.happened('Somebody fixes DNS.');
  await panel.pull('fix', address);
  await panel.pull('login', address);
  await ask(stage, teller, 'alice', `why ${address} as ${account}`);
  await ask(stage, teller, 'alice', 'flush DNS is fixed');
  await approve(stage, teller, 'bob');
  await panel.pull('login', address);
  await ask(stage, teller, 'alice', `why ${address} as ${account}`);
}

/** Types a command as that person, prints the answers, and returns their text. */
export async function ask(
  { slack, channel, people, panel }: Stage,
  teller: Teller,
  who: string,
  line: string,
): Promise<string> {
  const person = people.get(who);
  if (person === undefined) throw new Error(`there is no person named ${who}`);
  teller.says(who, `/hostcache ${line}`);
  const interaction = await slack.command(person, channel, `/hostcache ${line}`);
  if (interaction.failure !== null) {
    panel.happened(`Slack shows ${who}: ${interaction.failure}`);
    return '';
  }
  await interaction.answer();
  const answers = await interaction.settled();
  for (const { isPrivate, text } of answers) {
    teller.says(isPrivate ? `hostcache, to ${who} alone` : 'hostcache, to #dba', text);
  }
  return answers.map(({ text }) => text).join('\n');
}

/** Presses Approve on the open flush request, and waits for the result. */
export async function approve(stage: Stage, teller: Teller, who: string): Promise<void> {
  const person = stage.people.get(who);
  if (person === undefined) throw new Error(`there is no person named ${who}`);
  const card = await seeRoot(stage, teller, /^\S+ Approval needed/);
  const click = await stage.slack.click(person, card, { text: 'Approve and flush' });
  stage.panel.happened(`${who} presses "Approve and flush".`);
  const { text } = await click.answer();
  teller.says(`hostcache, to ${who} alone`, text);
  // After a refusal the request stays open, so there is no result to wait for.
  if (text.includes('is approved'))
    await seeRoot(stage, teller, /^\S+ (Flushed|Failed|Superseded)/);
}

/** Waits for a message of the bot in the channel that matches, and prints it. */
async function seeRoot(
  { slack, channel }: Stage,
  teller: Teller,
  pattern: RegExp,
): Promise<ReturnType<SlackPeer['workspace']['roots']>[number]> {
  const message = await slack.workspace.until(() =>
    slack.workspace.roots(channel).findLast((root) => pattern.test(plainText(root))),
  );
  teller.says('hostcache, to #dba', plainText(message));
  return message;
}
