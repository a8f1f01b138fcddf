import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, it } from 'vitest';
import { createLog } from '../../../src/adapters/log/log.ts';
import { CA, DB } from '../../certificate/mysql/certificates.ts';

function createParts(level = 'info') {
  const lines: string[] = [];
  const log = createLog(level, { write: (line) => lines.push(line) });
  return { log, lines };
}

it('writes one JSON object a line', () => {
  const { log, lines } = createParts();
  log.warn('no socket to Slack', { failures: 2 });
  log.debug('not heard');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/\}\n$/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    msg: 'no socket to Slack',
    failures: 2,
  });
});

it('tells an error with its cause, and no secret of either', () => {
  const { log, lines } = createParts();
  const cause = new Error('mysql://bot:s3cret@db refused');
  log.error('a subcommand failed', { error: new Error('with xoxb-1-s3cret', { cause }) });
  const line = lines.join('');
  expect(line).toContain('mysql://bot:…@db refused');
  expect(line).not.toContain('s3cret');
  expect(JSON.parse(line)).toMatchObject({ error: { type: 'Error' } });
});

/** Node's error about a server whose certificate is for other names. */
async function otherNames(): Promise<unknown> {
  const server = createServer(DB).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, servername: 'wrong.test', ca: CA });
  const [error] = await once(socket, 'error').catch((thrown) => [thrown]);
  server.close();
  return error;
}

it('tells the names of a certificate, and not the certificate', async () => {
  const cause = await otherNames();
  const wrapped = new Error('cannot connect', { cause });
  const several = new AggregateError([cause], 'no address answers');
  for (const error of [cause, wrapped, several]) {
    const { log, lines } = createParts();
    log.error('a check failed', { error });
    expect(lines.join('')).toContain('"cert":"db.test, 0.0.0.0"');
    expect(lines.join('')).not.toMatch(/fingerprint|modulus|issuer/);
  }
});

it('writes no character that steers a terminal, and loses none', () => {
  const { log, lines } = createParts();
  const text = '\u0000\u001b[31m\u007f\u0085\u009b31m\u061c\u200b\u202e\u2066\u2028\n\ty';
  log.warn(text, { [text]: text, error: new Error(text) });
  expect(lines[0]).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+\n$/u);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: text, [text]: text });
});
