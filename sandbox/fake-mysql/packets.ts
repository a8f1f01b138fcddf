/** The packets of a MySQL server, as payloads. */

const CAPABILITIES = {
  longPassword: 1,
  connectWithDatabase: 8,
  protocol41: 0x200,
  ssl: 0x800,
  secureConnection: 0x8000,
  pluginAuth: 0x8_0000,
} as const;

export interface Greeting {
  readonly version?: string;
  /** Whether it offers TLS. */
  readonly ssl?: boolean;
  readonly plugin?: string;
}

/** The 20 bytes that a client mixes into its reply. */
export const SCRAMBLE = Buffer.from('abcdefghijklmnopqrst');

export function greeting({ version = '8.4.2', ssl = false, plugin = NATIVE }: Greeting): Buffer {
  const { ssl: ofTls, ...others } = CAPABILITIES;
  const flags = Object.values(others).reduce((sum, flag) => sum | flag, ssl ? ofTls : 0);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(7);
  const low = Buffer.alloc(2);
  low.writeUInt16LE(flags & 0xffff);
  const high = Buffer.alloc(2);
  high.writeUInt16LE(flags >>> 16);
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from(`${version}\0`),
    head,
    SCRAMBLE.subarray(0, 8),
    Buffer.from([0]),
    low,
    Buffer.from([45, 2, 0]),
    high,
    Buffer.from([21]),
    Buffer.alloc(10),
    SCRAMBLE.subarray(8),
    Buffer.from(`\0${plugin}\0`),
  ]);
}

export const NATIVE = 'mysql_native_password';
export const SHA2 = 'caching_sha2_password';

export function authSwitch(plugin: string): Buffer {
  return Buffer.concat([
    Buffer.from([0xfe]),
    Buffer.from(`${plugin}\0`),
    SCRAMBLE,
    Buffer.from([0]),
  ]);
}

export function moreData(data: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from([1]), Buffer.from(data)]);
}

/** caching_sha2_password: the server does not know the hash, and wants the password. */
export const FULL_AUTHENTICATION = moreData(Buffer.from([4]));

export const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
export const EOF = Buffer.from([0xfe, 0, 0, 2, 0]);

export function errorPacket(code: number, state: string, message: string): Buffer {
  const head = Buffer.from([0xff, code & 0xff, code >> 8]);
  return Buffer.concat([head, Buffer.from(`#${state}${message}`)]);
}

export function lengthEncoded(number: number): Buffer {
  if (number < 251) return Buffer.from([number]);
  const bytes = Buffer.alloc(number < 0x1_0000 ? 3 : 4);
  bytes[0] = number < 0x1_0000 ? 0xfc : 0xfd;
  bytes.writeUIntLE(number, 1, bytes.length - 1);
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([lengthEncoded(bytes.length), bytes]);
}

export function column(name: string): Buffer {
  const names = ['def', '', '', '', name, name].map(text);
  // VAR_STRING in utf8mb4.
  const fixed = Buffer.from([0x0c, 45, 0, 0, 1, 0, 0, 253, 0, 0, 0, 0, 0]);
  return Buffer.concat([...names, fixed]);
}

/** null = NULL. */
export function row(values: readonly (string | null)[]): Buffer {
  return Buffer.concat(values.map((value) => (value === null ? Buffer.from([0xfb]) : text(value))));
}

/** The whole answer to a query, as payloads. */
export function resultSet(
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): readonly Buffer[] {
  return [lengthEncoded(columns.length), ...columns.map(column), EOF, ...rows.map(row), EOF];
}
