import { describe, expect, it } from 'vitest';
import { isReply } from '../../src/chat/reply.ts';
import { clientsIn } from '../../src/diagnosis/pasted-clients.ts';

/** Whom a pasted text makes a server be asked about, and what of it is not answered. */

function asked(text: string, isTerminal = true) {
  const read = clientsIn(text, isTerminal);
  if (isReply(read)) return { refusal: read.messages[0]?.headline, exit: read.exit };
  const pairs = read.clients.map((client) => [client.text, client.user, client.reported?.error]);
  return { pairs, notes: read.notes };
}

const denied = (user: string, host: string) =>
  `Access denied for user '${user}'@'${host}' (using password: YES)`;
const refused = (host: string) => `Host '${host}' is not allowed to connect to this MySQL server`;

describe('pairs', () => {
  it('every client keeps its own user, and two users of one client are two questions', () => {
    const lines = [denied('a', '192.0.2.1'), denied('b', '192.0.2.2'), denied('b', '192.0.2.1')];
    expect(asked([...lines, ...lines].join('\n'))).toEqual({
      pairs: [
        ['192.0.2.1', 'a', 1045],
        ['192.0.2.2', 'b', 1045],
        ['192.0.2.1', 'b', 1045],
      ],
      notes: [],
    });
  });

  it('of two errors of one pair the more telling counts', () => {
    const text = `IP address '192.0.2.7' could not be resolved: Name or service not known\n${refused('192.0.2.7')}`;
    expect(asked(text)).toMatchObject({ pairs: [['192.0.2.7', null, 1130]] });
  });

  it('a line that is an address is a client, beside errors', () => {
    const text = `${denied('a', '192.0.2.1')}\n192.0.2.9\n2001:db8::9`;
    expect(asked(text)).toMatchObject({
      pairs: [
        ['192.0.2.1', 'a', 1045],
        ['192.0.2.9', null, undefined],
        ['2001:db8::9', null, undefined],
      ],
      notes: [],
    });
  });

  it('of many, twenty are asked about, and that is said', () => {
    const text = Array.from({ length: 57 }, (_, last) => refused(`192.0.2.${last + 1}`)).join('\n');
    const { pairs, notes } = asked(text);
    expect(pairs).toHaveLength(20);
    expect(notes).toEqual(['Asked about the first 20 of 57 clients in the text.']);
  });
});

describe('lines that say nothing', () => {
  const text = `it fails:\n\n${refused('192.0.2.7')}\n  at Pool.get(Pool.java:12)\n  at App.main`;

  it('are counted in a terminal, and the first is named', () => {
    expect(asked(text).notes).toEqual([
      '3 lines of the text said nothing that hostcache knows; the first is line 1.',
    ]);
  });

  it('are not in a chat', () => expect(asked(text, false).notes).toEqual([]));
});

describe('a text without a client', () => {
  it.each(['x.x.x.x', '192.168.1.xxx', '<IP>', 'host_name', '192.O.2.7', 'your-ip', '[redacted]'])(
    'with %s in its place: the blank is said, and nobody is asked about it',
    (blank) => {
      expect(asked(refused(blank))).toEqual({
        refusal: expect.stringContaining(`("${blank}" is in its place)`),
        exit: 2,
      });
    },
  );

  it('of a proxy is answered as the words of that proxy', () => {
    expect(asked(`ProxySQL Error: ${denied('b', '203.0.113.5')}`)).toEqual({
      refusal: expect.stringMatching(/ProxySQL refused the connection, not the MySQL server/),
      exit: 1,
    });
  });
});
