import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Delivery, Upload } from '../../outbox/chat.ts';
import { callFault } from './call-fault.ts';
import { fileNameOf } from './find.ts';

/** Asks the world: a file into a thread. Three steps, and only the last one shows anything. */

export interface UploadOptions {
  readonly client: webApi.WebClient;
  readonly timeoutMs: number;
}

const placeRule = z.object({ upload_url: z.url(), file_id: z.string() });

/** Never rejects. https://docs.slack.dev/messaging/working-with-files#uploading_files */
export async function upload(file: Upload, options: UploadOptions): Promise<Delivery> {
  const doing = `take the file ${file.name} for ${file.channel}`;
  let fileId: string;
  try {
    fileId = await hand(file, options);
  } catch (error) {
    const fault = callFault(error, doing);
    // Nobody has seen it yet, whatever Slack did with it.
    return fault.kind === 'retry' ? { ...fault, mayBeSent: false } : fault;
  }
  try {
    await options.client.files.completeUploadExternal({
      files: [{ id: fileId, title: file.name }],
      channel_id: file.channel,
      thread_ts: file.thread,
    });
    return { kind: 'sent', ts: fileId };
  } catch (error) {
    return callFault(error, doing);
  }
}

/** Gives Slack the bytes; returns the file's id. Rejects as a call does. */
async function hand(
  { name, key, content }: Upload,
  { client, timeoutMs }: UploadOptions,
): Promise<string> {
  // Slack refuses a file without a byte.
  const bytes = Buffer.from(content === '' ? '\n' : content);
  const place = placeRule.parse(
    await client.files.getUploadURLExternal({
      filename: fileNameOf(key, name),
      length: bytes.length,
    }),
  );
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(place.upload_url, { method: 'POST', body: bytes, signal });
  if (!response.ok) throw new Error(`the upload was answered with status ${response.status}`);
  return place.file_id;
}
