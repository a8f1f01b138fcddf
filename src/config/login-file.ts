import { createDecipheriv } from 'node:crypto';

/**
 * Decodes `~/.mylogin.cnf`, which mysql_config_editor writes: 4 unused bytes, a key of 20 bytes, then
 * pieces of AES-128-ECB, each after its length in 4 bytes. The key is in the file, so this hides a
 * password from a glance only.
 */

const KEY_AT = 4;
const KEY_LENGTH = 20;
const PIECES_AT = KEY_AT + KEY_LENGTH;
const LENGTH_BYTES = 4;
const BLOCK = 16;

/** The text of an option file; null = the bytes are no such file. */
export function decodeLoginFile(bytes: Buffer): string | null {
  if (bytes.length < PIECES_AT) return null;
  const key = foldKey(bytes.subarray(KEY_AT, PIECES_AT));
  const pieces: Buffer[] = [];
  let at = PIECES_AT;
  while (at < bytes.length) {
    if (at + LENGTH_BYTES > bytes.length) return null;
    const length = bytes.readInt32LE(at);
    at += LENGTH_BYTES;
    if (length <= 0 || length % BLOCK !== 0 || at + length > bytes.length) return null;
    const piece = decrypt(bytes.subarray(at, at + length), key);
    if (piece === null) return null;
    pieces.push(piece);
    at += length;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The 20 bytes, XORed into the 16 that AES-128 takes. */
function foldKey(bytes: Buffer): Buffer {
  const key = Buffer.alloc(BLOCK);
  for (const [at, byte] of bytes.entries()) {
    const place = at % BLOCK;
    key[place] = (key[place] ?? 0) ^ byte;
  }
  return key;
}

function decrypt(piece: Buffer, key: Buffer): Buffer | null {
  const decipher = createDecipheriv('aes-128-ecb', key, null);
  try {
    return Buffer.concat([decipher.update(piece), decipher.final()]);
  } catch (error) {
    // OpenSSL's errors: the padding is not what was encrypted with this key.
    if (error instanceof Error && 'library' in error) return null;
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
