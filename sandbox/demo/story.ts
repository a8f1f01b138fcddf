// The story that the project was born from, played on the real parts and told as a conversation.
import type { ClientLogin } from '../page/world-panel.ts';
import type { SlackPeer } from '../slack/peer.ts';
import { plainText } from '../slack/shown.ts';
import type { Stage } from './stage.ts';

/** The client of the story; the address is nobody's (class E). */
const JDOE: ClientLogin = {
  address: '240.221.242.64',
  host: 'merp.example.com',
  account: 'jdoe',
  password: 'S0_S3cr3t',
};

/** What people and the bot say; what happens beside is told by the panel of the stage. */
export interface Teller {
  says(who: string, text: string): void;
}

export async function playStory(stage: Stage, teller: Teller): Promise<void> {
  const { world, panel } = stage;
  const { address, host, account, password } = JDOE;
  panel.offer(JDOE);
  await world.query(`CREATE USER '${account}'@'${host}' IDENTIFIED BY '${password}'`);
  panel.happened(
    `An account exists: '${account}'@'${host}'. DNS has lost the records of that machine.`,
  );
  await panel.pull('login', address);
  await seeRoot(stage, teller, /without a name/);
  await ask(stage, teller, 'alice', `why ${address} as ${account}`);
  panel.happened('Somebody mends DNS.');
  await panel.pull('mend', address);
  await panel.pull('login', address);
  await ask(stage, teller, 'alice', `why ${address} as ${account}`);
  await ask(stage, teller, 'alice', 'flush DNS is fixed');
  await approve(stage, teller, 'bob');
  await panel.pull('login', address);
  await ask(stage, teller, 'alice', `why ${address} as ${account}`);
}

/** A person types a command; what comes back is told as it comes. */
export async function ask(
  { slack, channel, people, panel }: Stage,
  teller: Teller,
  who: string,
  line: string,
): Promise<void> {
  const person = people.get(who);
  if (person === undefined) throw new Error(`nobody is called ${who}`);
  teller.says(who, `/hostcache ${line}`);
  const interaction = await slack.command(person, channel, `/hostcache ${line}`);
  if (interaction.failure !== null) {
    panel.happened(`Slack shows ${who}: ${interaction.failure}`);
    return;
  }
  await interaction.answer();
  for (const answer of await interaction.settled()) {
    teller.says(
      answer.isPrivate ? `hostcache, to ${who} alone` : 'hostcache, to #dba',
      answer.text,
    );
  }
}

/** Presses the button of the request that waits; the program runs the one statement, once. */
export async function approve(stage: Stage, teller: Teller, who: string): Promise<void> {
  const person = stage.people.get(who);
  if (person === undefined) throw new Error(`nobody is called ${who}`);
  const card = await seeRoot(stage, teller, /^Approval needed/);
  const click = await stage.slack.click(person, card, { text: 'Approve and flush' });
  stage.panel.happened(`${who} presses "Approve and flush".`);
  const { text } = await click.answer();
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
  const message = await slack.workspace.until(() =>
    slack.workspace.roots(channel).findLast((root) => pattern.test(plainText(root))),
  );
  teller.says('hostcache, to #dba', plainText(message));
  return message;
}
