import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import { proofsFrom } from '../../src/sweep/proof.ts';
import { broken, entry, NULL_NO_PTR, PTR_FAILS } from '../scenarios/entries.ts';
import { MYSQL } from '../scenarios/servers.ts';
import { look } from './server-look.ts';

/** What one look proves of a host that an alert lists. */

const { address } = entry();

describe('proofs', () => {
  const full = { settings: known({ ...MYSQL, hostCacheSize: 1 }) };
  it.each([
    ['an entry that is gone', look([]), 'blocked-host', /its entry is gone/],
    ['gone from a full cache', look([entry({ address: '192.0.2.1' })], full), 'blocked-host', null],
    ['a login', look([entry()]), 'blocked-host', /a login reset its connect errors to 0/],
    [
      'a raised limit',
      look([entry({ connectErrors: 7 })]),
      'blocked-host',
      /7 connect errors, max_connect_errors is 100/,
    ],
    ['the block', look([entry({ connectErrors: 100 })]), 'near-block', /it is blocked now/],
    ['a name', look([entry()]), 'null-host', /the server knows it as/],
    ['DNS that is asked again', look([PTR_FAILS]), 'null-host', /the server asks DNS again/],
    ['no account for a name', look([NULL_NO_PTR]), 'null-host', /no account needs a name/],
    ['fewer errors than half', look([broken(49)]), 'near-block', /it has 49 connect errors/],
    ['a name that DNS gave', look([entry()]), 'dns-failing', /the server knows it as merp/],
    ['an answer without a name', look([NULL_NO_PTR]), 'dns-failing', /DNS answers: it has no name/],
    ['DNS that fails still', look([PTR_FAILS]), 'dns-failing', null],
    ['a name that the server dropped', look([NULL_NO_PTR]), 'stale-host', /holds no name for it/],
    ['a rule of the whole server', look([NULL_NO_PTR]), 'cache-full', null],
    ['a name that was not asked for', look([entry()]), 'stale-host', null],
    [
      'a name that came back',
      look([entry()], { names: new Map([[address, { kind: 'current' }]]) }),
      'stale-host',
      /again/,
    ],
    ['nothing read', look([], { cache: unknown('away') }), 'blocked-host', null],
  ] as const)('%s', (_, seen, rule, says) => {
    const proof = proofsFrom(seen, false)(rule, address);
    if (says === null) expect(proof).toBeNull();
    else expect(proof).toMatch(says);
  });

  it('an emptied cache proves it for all, whatever is in it now', () => {
    const proofOf = proofsFrom(look([NULL_NO_PTR]), true);
    expect(proofOf('null-host', address)).toBe('the host cache was emptied');
    expect(proofsFrom(look([], { cache: unknown('away') }), true)('null-host', address)).toBeNull();
  });
});
