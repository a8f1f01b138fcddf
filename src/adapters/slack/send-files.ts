import { randomUUID } from 'node:crypto';
import { sentence } from '../../chat/message.ts';
import type { Reply, ReplyFile } from '../../chat/reply.ts';
import type { SlackParts } from './asking.ts';
import { postAnswer, sendAgain } from './post-answer.ts';

/** Sends the files of an answer. In a channel no file is private, so a person gets them in direct messages. Does I/O. */

/** `ts` of the root message. */
interface Thread {
  readonly channel: string;
  readonly ts: string;
}

type FileParts = Pick<SlackParts, 'chat' | 'wait' | 'log'>;

/** Never rejects: a failed delivery is logged, and the person is told in the thread. */
export async function sendFiles(
  reply: Reply | Promise<Reply>,
  to: { readonly user: string } | Thread,
  parts: FileParts,
): Promise<void> {
  const { files = [] } = await reply;
  if (files.length === 0) return;
  const thread = 'user' in to ? await openThread(to.user, files, parts) : to;
  if (thread === null) return;
  for (const file of files) await sendFile(file, thread, parts);
}

/** The thread under a direct message that names the files; null = it was not sent. */
async function openThread(
  user: string,
  files: readonly ReplyFile[],
  parts: FileParts,
): Promise<Thread | null> {
  const message = sentence(files.map(({ says }) => says).join(' '));
  const post = { channel: user, thread: null, message, key: `files/${randomUUID()}` };
  const delivery = await postAnswer(post, parts);
  if (delivery.kind === 'sent') return { channel: delivery.channel ?? user, ts: delivery.ts };
  parts.log.error('the files of an answer were not sent', { user, delivery });
  return null;
}

async function sendFile(
  { name, text }: ReplyFile,
  { channel, ts }: Thread,
  parts: FileParts,
): Promise<void> {
  const { chat, wait, log } = parts;
  const upload = { channel, thread: ts, name, content: text, key: `file-${randomUUID()}` };
  const delivery = await sendAgain(() => chat.upload(upload), wait);
  if (delivery.kind === 'sent') return;
  log.error('a file of an answer was not uploaded', { name, delivery });
  const message = sentence(`The file ${name} could not be uploaded. Details are in the log.`);
  await postAnswer({ channel, thread: ts, message, key: `file-fault/${randomUUID()}` }, parts);
}
