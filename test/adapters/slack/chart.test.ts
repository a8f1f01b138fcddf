import { describe, expect, it } from 'vitest';
import { flawsOfView } from '../../../sandbox/slack/drawing-rules.ts';
import { formsOf, homeView, joined, slackMessage } from '../../../src/adapters/slack/blocks.ts';
import type { Block, Message } from '../../../src/chat/message.ts';
import { flawsOf } from './drawn.ts';

describe('a chart', () => {
  const chartOf = (bins: number, series = 1): Block => ({
    kind: 'chart',
    title: 'Failed logins per hour (UTC)',
    labels: Array.from({ length: bins }, (_, at) => `${at}:00`),
    series: Array.from({ length: series }, (_, at) => ({
      name: `error ${at}`,
      values: Array.from({ length: bins }, (_, bin) => bin),
    })),
  });
  const typesOf = (message: Message) => slackMessage(message).blocks.map(({ type }) => type);

  it('is a native chart, with the values of each series', () => {
    const message: Message = {
      headline: 'h',
      blocks: [
        {
          ...{ kind: 'chart', title: 'Failed logins', labels: ['9:00', '10:00'] },
          series: [
            { name: 'password', values: [212, null] },
            { name: 'left', values: [1, null] },
          ],
        },
      ],
    };
    expect(slackMessage(message).blocks).toEqual([
      {
        type: 'data_visualization',
        title: 'Failed logins',
        chart: {
          type: 'bar',
          series: [
            {
              name: 'password',
              data: [
                { label: '9:00', value: 212 },
                { label: '10:00 ?', value: 0 },
              ],
            },
            {
              name: 'left',
              data: [
                { label: '9:00', value: 1 },
                { label: '10:00 ?', value: 0 },
              ],
            },
          ],
          axis_config: { categories: ['9:00', '10:00 ?'] },
        },
      },
    ]);
    expect(flawsOf(message)).toEqual([]);
  });

  it.each([
    { name: 'of 20 bins and 6 series', chart: chartOf(20, 6), type: 'data_visualization' },
    { name: 'of 21 bins', chart: chartOf(21), type: 'rich_text' },
    { name: 'of 7 series', chart: chartOf(2, 7), type: 'rich_text' },
    { name: 'of nothing', chart: chartOf(0), type: 'rich_text' },
  ])('$name is accepted, as $type', ({ chart, type }) => {
    const message = { headline: 'h', blocks: [chart] };
    expect(typesOf(message)).toEqual([type]);
    expect(flawsOf(message)).toEqual([]);
  });

  it('is text in App Home, in the simpler form, and after another chart', () => {
    const message = { headline: 'h', blocks: [chartOf(2)] };
    const view = homeView(message);
    expect(flawsOfView(view)).toEqual([]);
    expect(view.blocks.map(({ type }) => type)).toEqual(['rich_text']);
    expect(formsOf(message)).toEqual(['whole', 'without tables', 'one line']);
    const simpler = slackMessage(message, 'without tables').blocks;
    expect(simpler.map(({ type }) => type)).toEqual(['rich_text']);
    expect(JSON.stringify(simpler)).toContain('1:00  1');
    const three = { headline: 'h', blocks: [chartOf(2), chartOf(2), chartOf(2)] };
    expect(typesOf(three)).toEqual(['data_visualization', 'rich_text', 'rich_text']);
    expect(typesOf(joined([message, message]))).toEqual(['rich_text', 'data_visualization']);
  });
});
