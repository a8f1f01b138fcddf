import type { Message } from '../../src/chat/message.ts';
import { planMessage } from '../../src/plan/plan-messages.ts';
import { type PlanCase, planFor } from '../plan/seen.ts';
import { account } from '../scenarios/accounts.ts';

/** The fleet of `npm run demo -- --plan`, and what is said of its plan. */

const web = Array.from(
  { length: 25 },
  (_, at) => [`240.10.1.${at + 1}`, { users: 'web', name: `web${at + 1}.example.com` }] as const,
);

const FLEET: PlanCase = {
  accounts: [
    account('web', '240.10.1.%'),
    account('web', '%'),
    account('report', '%.bi.example.com'),
    account('erp', 'erp.example.com'),
    account('etl', 'etl.example.com'),
    account('etl', '%'),
  ],
  clients: {
    ...Object.fromEntries(web),
    '240.10.3.8': { users: 'report', name: 'cube.bi.example.com' },
    '240.10.3.9': { users: 'report', name: 'board.bi.example.com' },
    '240.10.4.1': { users: 'erp', name: 'erp.example.com' },
    '240.10.5.1': { users: 'etl', name: 'etl.example.com' },
  },
};

export function plan(): Message {
  const kept = { kind: 'kept', id: 'PL-7', days: 90 } as const;
  const shown = { statements: 2800, more: 'in the file' };
  return planMessage(planFor('skip-name-resolve on', FLEET), kept, shown);
}
