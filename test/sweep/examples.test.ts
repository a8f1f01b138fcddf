import { expect, it } from 'vitest';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { readExamples } from '../../src/sweep/examples.ts';

it('without a state, help still knows the servers, and a fault of its own is not hidden', async () => {
  const alertsThat = (fault: Error) => ({
    servers: [],
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
