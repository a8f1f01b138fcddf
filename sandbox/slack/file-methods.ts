/** files.*: the three steps of an upload. https://docs.slack.dev/messaging/working-with-files#uploading_files */
import { z } from 'zod';
import { newMessage } from './chat-methods.ts';
import { contentFault, isOutcome, threadFault, ts, writable } from './conversation-rules.ts';
import { fileJson, type StoredFile } from './message.ts';
import { done, type Method, method, type Outcome, refused, type Slack } from './slack.ts';
import { nextId, post } from './workspace-state.ts';

const getUploadUrl = method({
  scopes: ['files:write'],
  args: {
    filename: z.string().min(1),
    length: z.coerce.number().int().min(1),
    alt_txt: z.string().max(1000).optional(),
    alt_text: z.string().max(1000).optional(),
    snippet_type: z.string().optional(),
  },
  run: ({ filename, length }, slack) => {
    const fileId = nextId(slack.state, 'F');
    slack.uploads.set(fileId, { fileId, name: filename, length, content: null });
    return done({ upload_url: `${slack.origin('files')}/upload/v1/${fileId}`, file_id: fileId });
  },
});

const completeUpload = method({
  scopes: ['files:write'],
  args: {
    files: z
      .array(
        z.looseObject({
          id: z.string(),
          title: z.string().optional(),
          highlight_type: z.string().optional(),
        }),
      )
      .min(1),
    channel_id: z.string().optional(),
    channels: z.string().optional(),
    thread_ts: ts.optional(),
    initial_comment: z.string().optional(),
    blocks: z.unknown().optional(),
  },
  run: (args, slack) => {
    const files = args.files.map(({ id, title }) => completed(slack, id, title));
    const missing = args.files[files.indexOf(null)];
    if (missing !== undefined) {
      return refused('file_not_found', [`nothing was uploaded for ${missing.id}`]);
    }
    const complete = files.filter((file) => file !== null);
    const place = args.channel_id ?? args.channels;
    const fault = place === undefined ? null : share(slack, place, complete, args);
    if (fault !== null) {
      return fault;
    }
    for (const file of complete) {
      slack.state.files.set(file.id, file);
      slack.uploads.delete(file.id);
    }
    return done({ files: complete.map(fileJson) });
  },
});

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
};

/** Stores the bytes of an upload. Slack answers a refusal here with a plain HTTP error. */
export function takeUpload(slack: Slack, fileId: string, content: Buffer): Outcome {
  const upload = slack.uploads.get(fileId);
  if (upload === undefined) {
    return refused('file_not_found', [fileId]);
  }
  if (content.length !== upload.length) {
    return refused('file_upload_size_mismatch', [
      `announced ${upload.length} bytes, sent ${content.length}`,
    ]);
  }
  upload.content = content;
  return done();
}

interface Sharing {
  readonly thread_ts?: string | undefined;
  readonly initial_comment?: string | undefined;
  readonly blocks?: unknown;
}

function share(
  slack: Slack,
  place: string,
  files: readonly StoredFile[],
  sharing: Sharing,
): Outcome | null {
  const channel = writable(slack, place);
  if (isOutcome(channel)) {
    return channel;
  }
  const { thread_ts, initial_comment: text, blocks } = sharing;
  const said = text !== undefined || blocks !== undefined;
  const fault =
    threadFault(slack, channel.id, thread_ts) ?? (said ? contentFault({ text, blocks }) : null);
  if (fault !== null) {
    return fault;
  }
  const message = newMessage(slack.state, channel.id, { text, blocks, thread_ts });
  const via = { how: 'files.completeUploadExternal', interaction: null };
  post(slack.state, { ...message, files }, via);
  return null;
}

function completed(slack: Slack, id: string, title: string | undefined): StoredFile | null {
  const upload = slack.uploads.get(id);
  if (upload === undefined || upload.content === null) {
    return null;
  }
  const { name, content } = upload;
  return { id, name, title: title ?? name, content, uploadedAt: slack.state.clock() };
}
