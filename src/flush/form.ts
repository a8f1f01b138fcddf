import { type Block, bold, paragraph, type Spans, user } from '../chat/message.ts';
import { targetNamed } from '../chat/on-servers.ts';
import type { Form } from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { within } from '../chat/waiting.ts';
import { releaseOf } from '../hostcache/release.ts';
import { approverSpans, withOneRequester } from './approvers.ts';
import type { FlushParts, FlushTarget } from './parts.ts';

/** What the forms for a flush request and a rejection say. */

/** A form can be opened for three seconds; without an answer by then it says less. */
const READ_MS = 1000;

/** Which server is emptied, by which statement, and who can approve. */
export function flushForm(
  target: FlushTarget,
  requester: string,
  parts: Pick<FlushParts, 'isSamePerson'>,
): Form {
  const { name } = target.server;
  return {
    title: 'Request a flush',
    submit: 'Request flush',
    blocks: async () => [
      paragraph(
        'After a second person has approved, the host cache of ',
        bold(name),
        ' is emptied: all names and error counts are lost, and blocked hosts can connect again.',
      ),
      ...(await statementBlocks(target)),
      paragraph(
        bold('Who can approve: '),
        ...(await whoCanApprove(target, requester, parts)),
        '. You cannot approve your own request.',
      ),
    ],
  };
}

/** What is not flushed, and who asked for it. `id`: as typed. */
export function rejectForm(id: string, parts: FlushParts): Form {
  return {
    title: `Reject ${id.toUpperCase()}`,
    submit: 'Reject',
    blocks: async () => [
      paragraph('Nothing is flushed. The thread of the request shows who rejected it, and why.'),
      ...(await requestBlocks(id.toUpperCase(), parts)),
    ],
  };
}

async function whoCanApprove(
  target: FlushTarget,
  requester: string,
  parts: Pick<FlushParts, 'isSamePerson'>,
): Promise<Spans> {
  const read = await unlessUnread(withOneRequester(target, requester, parts));
  return approverSpans((read ?? target).approvers, requester);
}

async function statementBlocks({ server }: FlushTarget): Promise<readonly Block[]> {
  const settings = await unlessUnread(server.settings());
  return settings === null
    ? []
    : [{ kind: 'statement', text: `${releaseOf(settings).flush.sql};` }];
}

async function requestBlocks(id: string, parts: FlushParts): Promise<readonly Block[]> {
  const request = await unlessUnread(parts.flushes.find(id));
  if (request === null || targetNamed(request.server, parts) === undefined) return [];
  const { server, requester, reason } = request;
  return [
    paragraph(
      bold('Requested: '),
      `a flush of ${server}, by `,
      user(requester),
      '\n',
      bold('Reason: '),
      reason,
    ),
  ];
}

/** null = it was not read in time. */
async function unlessUnread<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await within(reading, READ_MS, () => null);
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}
