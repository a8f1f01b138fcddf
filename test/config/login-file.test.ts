import { expect, it } from 'vitest';
import { decodeLoginFile } from '../../src/config/login-file.ts';
import { encodeLoginFile } from './login-file.ts';

/** Written by mysql_config_editor 9.7.4: `set --login-path=prod …`, then `set --login-path=client …`. */
const WRITTEN = `
AAAAABwSBQcaBQsQFQAcEBAdGgEXFRgPEAAAANtPQ+nAdyn1fKtNP7bmwGUgAAAAEkMLUmaHPpoHZwct3W2c0Q+CujageZvj
pUM8JbfgfMEwAAAAc/ll9mplmuAzzKSlL+9dBbdv4JeXU70sl14o9/d61GOEU9VzhhSpum87sJ3yzVoAIAAAAC/1e/j/IO+1
TnzWn10X8MuW52+yL1PuLHonkzmW6MQjEAAAAGkEBfGO6ww4zOjRLC4ahRYQAAAAi8bX5cbf2tuAz8CkYncOaBAAAACLmS+K
O+wefCbxjRQh4Bc1EAAAAGFAp/ewvmwiriMdS1+tHOcgAAAAn32NKdcsNTpS7jM4ofR3yinvEmq0P8X8HVZbHvawueU=`;

it('reads what mysql_config_editor wrote', () => {
  expect(decodeLoginFile(Buffer.from(WRITTEN, 'base64'))).toBe(
    [
      '[prod]',
      'user = "jd\\"oe\\n"',
      'password = "a#b\\"c\'d\\e\\nf g;=[x]é"',
      'host = "db.example.com"',
      'port = 3307',
      '[client]',
      'user = "root"',
      'password = "#"',
      'host = "localhost"',
      '',
    ].join('\n'),
  );
});

it('reads what the tests write', () => {
  expect(decodeLoginFile(encodeLoginFile('[a]\nuser = "é"\n'))).toBe('[a]\nuser = "é"\n');
});

const WHOLE = encodeLoginFile('[a]\nuser = "x"\n');

it.each([
  { name: 'nothing', bytes: Buffer.alloc(0) },
  { name: 'a text', bytes: Buffer.from('[client]\nuser=root\npassword=secret\n') },
  { name: 'a file that was cut', bytes: WHOLE.subarray(0, -3) },
  { name: 'a length that was cut', bytes: WHOLE.subarray(0, 26) },
  { name: 'another key', bytes: Buffer.concat([Buffer.alloc(24, 7), WHOLE.subarray(24)]) },
])('$name is none', ({ bytes }) => {
  expect(decodeLoginFile(bytes)).toBeNull();
});
