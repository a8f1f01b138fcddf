import { expect, it } from 'vitest';
import { redact } from '../../src/chat/secret.ts';

it.each([
  { name: 'a bot token', text: 'got xoxb-1-2-aBc!', shown: 'got xoxb-…!' },
  { name: 'an app token', text: '{"a":"xapp-1-A0-1-ff"}', shown: '{"a":"xapp-…"}' },
  { name: 'a rotated token', text: 'xoxe.xoxb-1-MTIz', shown: 'xoxe.…' },
  { name: 'a password', text: 'mysql://bot:p@ss@db:3306/x', shown: 'mysql://bot:…@db:3306/x' },
  { name: 'no password', text: 'mysql://bot@db:3306', shown: 'mysql://bot@db:3306' },
  {
    name: 'a ticket',
    text: 'wss://x/link/?ticket=abc&app_id=1',
    shown: 'wss://x/link/?ticket=…&app_id=1',
  },
  {
    name: 'a response_url',
    text: 'https://hooks.slack.com/commands/T0/123/abc failed',
    shown: 'https://hooks.slack.com/commands/… failed',
  },
  {
    name: 'an address',
    text: "'app'@'10.0.%' at 2001:db8::1",
    shown: "'app'@'10.0.%' at 2001:db8::1",
  },
])('$name', ({ text, shown }) => {
  expect(redact(text)).toBe(shown);
});
