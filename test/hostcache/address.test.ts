import { describe, expect, it } from 'vitest';
import { isInNetwork, isLoopback, parseAddress, reverseName } from '../../src/hostcache/address.ts';
import { fc } from '../chance.ts';
import { addressOf } from '../scenarios/clients.ts';

/** Addresses, in the server's spelling in host_cache.IP. */

describe('parseAddress', () => {
  it.each([
    { text: '192.0.2.7', is: '192.0.2.7', family: 4 },
    { text: '0.0.0.0', is: '0.0.0.0', family: 4 },
    { text: '255.255.255.255', is: '255.255.255.255', family: 4 },
    { text: '2001:db8::5', is: '2001:db8::5', family: 6 },
    { text: '2001:DB8::5', is: '2001:db8::5', family: 6 },
    { text: '2001:db8:0:0:0:0:0:5', is: '2001:db8::5', family: 6 },
    { text: '2001:0db8:0000:0000:0000:0000:0000:0005', is: '2001:db8::5', family: 6 },
    { text: '[2001:db8::5]', is: '2001:db8::5', family: 6 },
    // The longest run of zeros is compressed; the first of two equal runs; never a single zero.
    { text: '2001:db8:0:0:1:0:0:1', is: '2001:db8::1:0:0:1', family: 6 },
    { text: '2001:0:0:1:0:0:0:1', is: '2001:0:0:1::1', family: 6 },
    { text: '2001:db8::1:1:1:1:1', is: '2001:db8:0:1:1:1:1:1', family: 6 },
    { text: '::1', is: '::1', family: 6 },
    { text: '::', is: '::', family: 6 },
    // Mapped and compatible addresses are an IPv4 client (vio_get_normalized_ip).
    { text: '::ffff:192.0.2.7', is: '192.0.2.7', family: 4 },
    { text: '::FFFF:c000:207', is: '192.0.2.7', family: 4 },
    { text: '0:0:0:0:0:ffff:192.0.2.7', is: '192.0.2.7', family: 4 },
    { text: '::192.0.2.7', is: '192.0.2.7', family: 4 },
    { text: '::c000:207', is: '192.0.2.7', family: 4 },
    { text: '[::ffff:192.0.2.7]', is: '192.0.2.7', family: 4 },
    { text: '64:ff9b::192.0.2.7', is: '64:ff9b::c000:207', family: 6 },
    { text: '::ffff:0:192.0.2.7', is: '::ffff:0:c000:207', family: 6 },
    { text: 'fe80::1%eth0', is: 'fe80::1%eth0', family: 6 },
  ])('$text is $is', ({ text, is, family }) => {
    expect(parseAddress(text)).toEqual({ text: is, family });
  });

  it.each([
    '',
    ' ',
    'merp',
    'merp.example.com',
    '192.0.2',
    '192.0.2.7.',
    '192.0.2.256',
    '192.0.2.-7',
    '192.0.2.7/32',
    '192.0.2.7:3306',
    '192.0.2.%',
    ' 192.0.2.7',
    '192.0.2.7 ',
    '192.0.2.7\n',
    // 010 is eight to some programs and ten to others.
    '192.0.2.07',
    '0192.0.2.7',
    '00.0.0.0',
    '::ffff:192.0.2.07',
    '::ffff:0xc0.0.2.7',
    '64:ff9b::192.0.02.7',
    '0xc0.0.2.7',
    '3221225991',
    '192.0.519',
    '1.2.3.4.5',
    '١٩٢.0.2.7',
    '2001:db8',
    '2001:db8::5::',
    '2001:db8:::5',
    '2001:db8::00005',
    '2001:db8::g',
    '1:2:3:4:5:6:7:8:9',
    '2001:db8::/32',
    '2001:db8::%',
    '[2001:db8::5',
    '2001:db8::5]',
    '[[2001:db8::5]]',
    '[2001:db8::5]:3306',
    '[]',
    '::ffff:192.0.2.256',
  ])('"%s" is none', (text) => expect(parseAddress(text)).toBeNull());

  it('never throws, and does not change an address that it has written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text);
        if (address === null) return;
        expect(parseAddress(address.text)).toEqual(address);
        expect(address.family).toBe(address.text.includes(':') ? 6 : 4);
        expect(address.text).toBe(address.text.toLowerCase());
      }),
    );
  });

  it('accepts every IPv4 address unchanged', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parseAddress(text)).toEqual({ text, family: 4 });
      }),
    );
  });

  it('accepts every IPv6 address, compressed as in the URL standard', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const address = parseAddress(text);
        if (address?.family === 4) {
          expect(text).toMatch(/^(?:0*:){2,6}/);
        } else {
          expect(address?.text).toBe(new URL(`http://[${text}]/`).hostname.slice(1, -1));
        }
      }),
    );
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1'])('%s is', (text) => {
    expect(isLoopback(addressOf(text))).toBe(true);
  });

  it.each(['127.0.0.2', '127.255.255.255', '::', '::2', '0.0.0.1', '192.0.2.1'])(
    '%s is a host like any other',
    (text) => expect(isLoopback(addressOf(text))).toBe(false),
  );
});

describe('isInNetwork', () => {
  it.each([
    { text: '192.0.2.7', base: '192.0.2.0', bits: 24, yes: true },
    { text: '192.0.3.7', base: '192.0.2.0', bits: 24, yes: false },
    { text: '192.0.2.7', base: '192.0.2.7', bits: 32, yes: true },
    { text: '192.0.2.7', base: '198.51.100.0', bits: 0, yes: true },
    { text: '2001:db8::5', base: '2001:db8::', bits: 32, yes: true },
    { text: '2001:db9::5', base: '2001:db8::', bits: 32, yes: false },
    { text: '192.0.2.7', base: '2001:db8::', bits: 0, yes: false },
    { text: '::ffff:192.0.2.7', base: '192.0.2.0', bits: 24, yes: true },
  ])('$text in $base/$bits: $yes', ({ text, base, bits, yes }) => {
    expect(isInNetwork(addressOf(text), addressOf(base), bits)).toBe(yes);
  });
});

describe('reverseName', () => {
  it.each([
    { text: '240.221.242.64', name: '64.242.221.240.in-addr.arpa' },
    { text: '::ffff:192.0.2.7', name: '7.2.0.192.in-addr.arpa' },
    {
      text: '2001:db8::5',
      name: '5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    },
    {
      text: 'fe80::ab%eth0',
      name: 'b.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.e.f.ip6.arpa',
    },
  ])('of $text', ({ text, name }) => expect(reverseName(addressOf(text))).toBe(name));

  it('contains the address that it was made from', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = addressOf(text);
        const labels = reverseName(address).split('.').slice(0, -2).reverse();
        const groups = labels.join('').match(/.{4}/g) ?? [];
        const spelt = address.family === 4 ? labels.join('.') : groups.join(':');
        expect(parseAddress(spelt)).toEqual(address);
      }),
    );
  });
});
