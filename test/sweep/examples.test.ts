import { expect, it } from 'vitest';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { readExamples } from '../../src/sweep/examples.ts';
import { alert, seconds } from '../adapters/store/samples.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';

it('without a state, help still knows the servers, and an internal error is not hidden', async () => {
  const alertsThat = (fault: Error) => ({
    targets: [],
    alerts: {
      nextAlertId: () => Promise.reject(fault),
      recent: () => Promise.reject(fault),
      open: () => Promise.reject(fault),
      find: () => Promise.reject(fault),
      save: () => Promise.reject(fault),
    },
  });
  const away = createUnreadable('the state is away');
  expect(await readExamples(alertsThat(away))).toEqual({ servers: [], client: null });
  await expect(readExamples(alertsThat(new Error('a bug')))).rejects.toThrow('a bug');
});

it('the client of the gravest alert that has one, by what it is called', async () => {
  const open = [
    alert({ id: 'AL-5', rule: 'stale-host', openedAt: seconds(-9) }),
    alert({ id: 'AL-1', rule: 'cache-full', hosts: [] }),
    alert({ id: 'AL-2', rule: 'null-host' }),
    alert({ id: 'AL-3', rule: 'blocked-host', server: 'gone' }),
    alert({ id: 'AL-4', rule: 'blocked-host', hosts: [], openedAt: seconds(-9) }),
  ];
  const nobody = () => Promise.reject(new Error('not asked'));
  const alerts = { nextAlertId: nobody, recent: nobody, find: nobody, save: nobody };
  const swept = await readExamples({
    targets: [{ server: createFakeServer({}), resolver: createFakeResolver({}), channel: 'C0OPS' }],
    alerts: { ...alerts, open: async () => open },
  });
  expect(swept).toEqual({
    servers: ['main'],
    client: { address: '192.0.2.7', server: 'main', trouble: 'host without a name' },
  });
});
