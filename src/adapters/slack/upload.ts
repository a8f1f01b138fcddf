import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Delivery, Upload } from '../../outbox/chat.ts';
import { callFault } from './call-fault.ts';
import { fileNameOf } from './find.ts';
import { outboundBy, type Proxies } from './outbound.ts';

/** Uploads a file to a thread, in three steps; only the last one is visible. Does I/O. */

const targetRule = z.object({ upload_url: z.url(), file_id: z.string() });

export interface UploadParts {
  readonly client: webApi.WebClient;
  readonly timeoutMs: number;
  readonly proxies: Proxies | null | undefined;
}

/** Never rejects. https://docs.slack.dev/messaging/working-with-files#uploading_files */
export async function upload(file: Upload, parts: UploadParts): Promise<Delivery> {
  const doing = `upload the file ${file.name} to ${file.channel}`;
  let mayBeVisible = false;
  try {
    const id = await sendBytes(file, parts);
    mayBeVisible = true;
    await parts.client.files.completeUploadExternal({
      files: [{ id, title: file.name }],
      channel_id: file.channel,
      thread_ts: file.thread,
    });
    return { kind: 'sent', ts: id };
  } catch (error) {
    const fault = callFault(error, doing);
    // Nobody can see the file before the last step, so another try is safe.
    return fault.kind === 'retry' && !mayBeVisible ? { ...fault, mayBeSent: false } : fault;
  }
}

/** Sends the bytes; returns the file's id. Rejects if a call fails. */
async function sendBytes(
  { name, key, content }: Upload,
  { client, timeoutMs, proxies }: UploadParts,
): Promise<string> {
  // Slack refuses an empty file.
  const bytes = Buffer.from(content === '' ? '\n' : content);
  const target = targetRule.parse(
    await client.files.getUploadURLExternal({
      filename: fileNameOf(key, name),
      length: bytes.length,
    }),
  );
  const signal = AbortSignal.timeout(timeoutMs);
  const post = outboundBy(proxies).fetch;
  const response = await post(target.upload_url, { method: 'POST', body: bytes, signal });
  if (!response.ok) throw new Error(`the upload failed with status ${response.status}`);
  return target.file_id;
}
