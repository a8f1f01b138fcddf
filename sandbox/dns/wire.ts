/** Reads and writes DNS messages (RFC 1035). Names may contain any byte that a real zone may contain. */

export const TYPES = { A: 1, CNAME: 5, PTR: 12, AAAA: 28 } as const;
export type RecordType = keyof typeof TYPES;
export const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
export type Rcode = keyof typeof RCODES;

export interface Question {
  readonly id: number;
  readonly recursionDesired: boolean;
  /** As in a zone file: dots between labels, `\.` and `\DDD` for bytes that are not printable UTF-8. */
  readonly name: string;
  /** null = a type that the table does not know. */
  readonly type: RecordType | null;
  /** The question's bytes, which the reply repeats. */
  readonly bytes: Buffer;
  /** The longest UDP reply that the asker accepts, in bytes. */
  readonly limit: number;
}

export interface WireRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly data: Buffer;
}

/** null = not a plain question; real servers drop or refuse such messages. */
export function readQuestion(message: Buffer): Question | null {
  if (message.length < 17 || message.readUInt16BE(4) !== 1 || (message[2] ?? 0) & 0x80) return null;
  const labels: Buffer[] = [];
  let at = 12;
  for (let size = message[at]; size !== 0; size = message[at]) {
    if (size === undefined || size > 63 || at + size + 5 > message.length) return null;
    labels.push(message.subarray(at + 1, at + 1 + size));
    at += 1 + size;
  }
  if (at + 5 > message.length) return null;
  const code = message.readUInt16BE(at + 1);
  const types = Object.keys(TYPES) as RecordType[]; // The keys of TYPES are what RecordType is.
  return {
    id: message.readUInt16BE(0),
    recursionDesired: ((message[2] ?? 0) & 1) === 1,
    name: labels.map(showLabel).join('.'),
    type: types.find((type) => TYPES[type] === code) ?? null,
    bytes: message.subarray(12, at + 5),
    limit: udpLimit(message, at + 5),
  };
}

/** In bytes: 512, or the size in an EDNS record directly after the question. */
function udpLimit(message: Buffer, at: number): number {
  const hasEdns = message.length >= at + 11 && message.readUInt16BE(at + 1) === 41;
  return hasEdns ? Math.max(512, message.readUInt16BE(at + 3)) : 512;
}

/** A reply longer than `limit` bytes is only the header and the question, marked as truncated (retry by TCP). */
export function writeReply(
  question: Question,
  reply: { readonly rcode: Rcode; readonly records: readonly WireRecord[] },
  limit = 65535,
): Buffer {
  const whole = assemble(question, reply.rcode, reply.records, 0);
  return whole.length <= limit ? whole : assemble(question, reply.rcode, [], 0x0200);
}

function assemble(
  question: Question,
  rcode: Rcode,
  records: readonly WireRecord[],
  flags: number,
): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(question.id, 0);
  // QR and RA set: a resolver, not an authority.
  const asked = question.recursionDesired ? 0x0100 : 0;
  head.writeUInt16BE(0x8080 | asked | flags | RCODES[rcode], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, question.bytes, ...records.flatMap(writeRecord)]);
}

function writeRecord({ name, type, data }: WireRecord): readonly Buffer[] {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  // TTL 0, so that the next question gets the table's current answer.
  fixed.writeUInt16BE(data.length, 8);
  return [writeName(name), fixed, data];
}

/** Throws if a label has over 63 bytes or the whole name over 255 (RFC 1035, 2.3.4). */
export function writeName(name: string): Buffer {
  const labels = splitLabels(name.replace(/(?<!\\)\.$/, ''));
  for (const label of labels) {
    if (label.length === 0 || label.length > 63)
      throw new Error(`DNS label: expected 1 to 63 bytes, got ${label.length} in "${name}"`);
  }
  const bytes = labels.flatMap((label) => [Buffer.of(label.length), label]);
  const whole = Buffer.concat([...bytes, Buffer.of(0)]);
  if (whole.length > 255)
    throw new Error(`DNS name: expected 255 bytes at most, got ${whole.length}`);
  return whole;
}

/** Names that are equal in DNS have equal keys: DNS ignores case, in ASCII only. */
export function nameKey(name: string): string {
  return writeName(name)
    .toString('latin1')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function splitLabels(name: string): readonly Buffer[] {
  if (name === '') return [];
  const labels = name.match(/(?:\\\d{3}|\\[\s\S]|[^\\.])+|(?<=\.|^)(?=\.|$)/g) ?? [];
  return labels.map((label) => {
    const parts = label.match(/\\\d{3}|\\[\s\S]|[^\\]+/g) ?? [];
    return Buffer.concat(
      parts.map((part) => {
        if (!part.startsWith('\\')) return Buffer.from(part);
        return /^\\\d{3}$/.test(part)
          ? Buffer.of(Number(part.slice(1)))
          : Buffer.from(part.slice(1));
      }),
    );
  });
}

function showLabel(label: Buffer): string {
  const text = label.toString('utf8');
  const isUtf8 = Buffer.from(text).equals(label);
  const shown = isUtf8 ? text : label.toString('latin1');
  const hidden = isUtf8 ? /[\p{Cc}]/gu : /[^\x21-\x7e]/g;
  return shown
    .replace(/[\\.]/g, '\\$&')
    .replace(hidden, (c) => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`);
}
