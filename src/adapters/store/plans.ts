import type { PlanStore } from '../../plan/stores.ts';
import { type Database, nextId } from './database.ts';
import { packPlan, unpackPlan } from './packed-plan.ts';

/** Stores plans until they are forgotten, one row each. */
export function createPlanStore(database: Database): PlanStore {
  const { db } = database;
  return {
    nextPlanId: () => nextId(database, 'PL'),
    add: async (plan) => {
      const { id, server, madeAt } = plan;
      const row = { id, server, madeAt, packed: await packPlan(plan) };
      await db.insertInto('hostcache_plans').values(row).execute();
    },
    find: async (id) => {
      const row = await db
        .selectFrom('hostcache_plans')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : await unpackPlan(row);
    },
  };
}
