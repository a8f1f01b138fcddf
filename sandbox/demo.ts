// npm run demo: a real MySQL, a Slack workspace and the bot; tells the story, then waits for commands.
import { styleText } from 'node:util';
import { prompt } from './demo/prompt.ts';
import { openStage, type Stage } from './demo/stage.ts';
import { playStory, type Teller } from './demo/story.ts';

const startedMs = performance.now();

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function paint(style: 'bold' | 'dim', text: string): string {
  const isPlain = !process.stdout.isTTY || process.env['NO_COLOR'];
  return isPlain ? text : styleText(style, text);
}

const teller: Teller = {
  happening: (text) => print(paint('dim', `\n* ${text}`)),
  says: (who, text) => print(`\n${paint('bold', `${who}:`)}\n${text.replace(/^/gm, '    ')}`),
};

let stage: Stage | null = null;
try {
  stage = await openStage((line) => print(paint('dim', line)));
  await playStory(stage, teller);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  teller.happening(`That was the story, on real parts, in ${seconds} s.`);
  if (process.stdin.isTTY) await prompt(stage, teller);
  await stage.stop();
  process.exit(0);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  await stage?.stop();
  process.exit(3);
}
