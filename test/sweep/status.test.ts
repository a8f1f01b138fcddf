import { expect, it } from 'vitest';
import { statusMessage } from '../../src/sweep/status.ts';
import { alert, NOON } from '../adapters/store/samples.ts';

/** What `status` shows of the open alerts. */

it.each([
  { name: 'as many alerts as it shows', count: 20, more: [] },
  { name: 'more alerts than it shows', count: 23, more: ['+ 3 more'] },
])('$name', ({ count, more }) => {
  const alerts = Array.from({ length: count }, (_, at) => alert({ id: `AL-${at}` }));
  const known = { record: null, sweptAt: null, nextAt: null, flushing: 'off' };
  const { headline, blocks } = statusMessage([{ server: 'main', alerts, ...known }], NOON);
  expect(headline).toBe(`1 server, ${count} open alerts, 1 not read.`);
  const lines = blocks.flatMap((block) =>
    'spans' in block ? [block.spans.map((span) => ('text' in span ? span.text : '')).join('')] : [],
  );
  expect(lines.filter((line) => line.startsWith('AL-'))).toHaveLength(20);
  expect(lines.filter((line) => line.startsWith('+'))).toEqual(more);
});
