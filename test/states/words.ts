/** Difficult names, reasons and texts: ordinary ones, hostile ones, and the longest possible. */

export interface Words {
  readonly name: 'hostile' | 'longest' | 'wide';
  /** A PTR name: DNS may answer with every character. */
  readonly host: string;
  /** The user part of an account. */
  readonly user: string;
  /** A host pattern. */
  readonly pattern: string;
  /** Text from a person. */
  readonly reason: string;
  /** Text from a server or a resolver. */
  readonly says: string;
}

export const HOSTILE_TEXT =
  'x`<!channel>*pwn* &lt; &amp;amp; _i_ ~s~ ```\u202Egpj\n<https://evil.example|click> @here <@U0EVE> <#C0OPS> <!subteam^S0ALL> 👩‍👩‍👧 \u0000\u001b[2J\u009b31m\u200b \ud83d "\'\\ $(id)';

const HOSTILE: Words = {
  name: 'hostile',
  host: `<!channel>.${HOSTILE_TEXT}`,
  user: `<!here>'"${HOSTILE_TEXT}`.slice(0, 32),
  pattern: `%<!everyone>_\\${HOSTILE_TEXT}`.slice(0, 255),
  reason: HOSTILE_TEXT,
  says: HOSTILE_TEXT,
};

/** A name of 255 characters in labels of 63, a user of 32 four-byte characters, and texts over every limit. */
const LONGEST: Words = {
  name: 'longest',
  host: `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}`,
  user: '🐬'.repeat(32),
  pattern: `%.${'p'.repeat(253)}`,
  reason: 'because '.repeat(500).trim(),
  says: `main: ${'it did not answer '.repeat(300)}`,
};

const WIDE: Words = {
  name: 'wide',
  host: `${'接続'.repeat(20)}.example.com`,
  user: '利用者'.repeat(10),
  pattern: `%.${'ホスト'.repeat(10)}`,
  reason: `理由は ${'とても '.repeat(40)}`,
  says: `サーバは ${'応答しません '.repeat(20)}`,
};

export const WORDS: readonly Words[] = [HOSTILE, LONGEST, WIDE];

/** The longest possible name of a server. */
export const LONG_SERVER = `db-${'x'.repeat(29)}`;

/** This many host addresses, for an alert. */
export function addresses(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `192.0.${2 + Math.floor(at / 250)}.${at % 250}`);
}

/** The longest form of an address. */
export const LONG_ADDRESS = '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff';
