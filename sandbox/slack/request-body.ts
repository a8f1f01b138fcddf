/** Parses the body of a request: form, JSON or multipart, as Slack accepts them. */
import type { IncomingMessage } from 'node:http';

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The arguments as one record; if the body cannot be parsed, only those of the query string. */
export function argumentsOf(
  request: IncomingMessage,
  body: Buffer,
  query: URLSearchParams,
): Record<string, unknown> {
  const type = request.headers['content-type'] ?? '';
  const inQuery = fromForm(query);
  if (type.startsWith('application/json')) {
    const parsed = parsedOr(body.toString(), null);
    return typeof parsed === 'object' && parsed !== null ? { ...inQuery, ...parsed } : inQuery;
  }
  return { ...inQuery, ...fromForm(new URLSearchParams(body.toString())) };
}

/** The file of an upload: the only part of a multipart body, or the whole of another body. */
export async function bytesOf(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) {
    return body;
  }
  const headers = { 'content-type': type };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  for (const value of form.values()) {
    return typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer());
  }
  return Buffer.alloc(0);
}

/** Arguments that are JSON inside a form. https://docs.slack.dev/apis/web-api/#evaluating_requests */
const STRUCTURED = new Set(['attachments', 'blocks', 'files', 'metadata', 'view']);

function fromForm(form: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, STRUCTURED.has(name) ? parsedOr(value, value) : value]),
  );
}

function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the method's own rule refuses it, with a JSON pointer.
    return otherwise;
  }
}
