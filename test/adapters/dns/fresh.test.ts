import { afterEach, expect, it } from 'vitest';
import { startDns } from '../../../sandbox/dns.ts';
import { createResolver } from '../../../src/adapters/dns/resolver.ts';
import { CLIENT, NAME } from '../../scenarios/clients.ts';

/** Every question goes out to DNS, even if the resolvers of this Node cache answers. */

let close = async () => {};
afterEach(() => close());

it('a missing record is found as soon as it exists', async () => {
  const server = await startDns();
  close = server.close;
  const resolver = createResolver([server.address]);
  const ask = async () => [await resolver.reverse(CLIENT), await resolver.forward(NAME)];
  server.dns.ptr(CLIENT.text, 'NODATA');
  server.dns.answer(NAME, 'ANY', 'NODATA');
  expect(await ask()).toEqual([{ kind: 'nodata' }, { kind: 'nodata' }]);
  server.dns.host(CLIENT.text, NAME);
  server.dns.answer(NAME, 'A', [CLIENT.text]);
  expect(await ask()).toEqual([
    { kind: 'found', values: [NAME] },
    { kind: 'found', values: [CLIENT] },
  ]);
});
