import { createCipheriv, randomBytes } from 'node:crypto';

/** A login file as mysql_config_editor writes it: every line is a piece of its own. */
export function encodeLoginFile(text: string): Buffer {
  const key = randomBytes(20);
  const folded = Buffer.alloc(16);
  for (const [at, byte] of key.entries()) {
    folded.writeUInt8(folded.readUInt8(at % 16) ^ byte, at % 16);
  }
  const pieces = text.split(/(?<=\n)/).flatMap((line) => {
    const cipher = createCipheriv('aes-128-ecb', folded, null);
    const piece = Buffer.concat([cipher.update(line, 'utf8'), cipher.final()]);
    const length = Buffer.alloc(4);
    length.writeInt32LE(piece.length);
    return [length, piece];
  });
  return Buffer.concat([Buffer.alloc(4), key, ...pieces]);
}
