import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { messageText } from '../../src/adapters/terminal/text.ts';
import { explain } from '../../src/diagnosis/explain.ts';

/**
 * What must be read in texts that people pasted in public, with other names and addresses, and (drivers.jsonl) in
 * what drivers and clients print: each met a server or a closed port; only paths and very long lines are changed.
 * They are literal: an XXX in them is a mask or a driver's own words, and must be read as it stands.
 */

const caseRule = z.object({
  name: z.string(),
  text: z.string(),
  expect: z.strictObject({
    /** Each is found. */
    rules: z.array(z.string()).default([]),
    /** None is found. */
    no: z.array(z.string()).default([]),
    /** Exactly these clients, with the account name or null. */
    clients: z.array(z.tuple([z.string(), z.string().nullable()])).optional(),
    answers: z.number().optional(),
    /** By address of a saved row: rules that are found. */
    rows: z.record(z.string(), z.array(z.string())).default({}),
    /** Words of the plain answer. */
    says: z.string().default(''),
    exit: z.array(z.number()).optional(),
  }),
});

const rowRule = z.object({
  client: z.string().nullable(),
  address: z.string().nullable(),
  user: z.string().nullable(),
  findings: z.array(z.object({ rule: z.string() })),
});

const FOLDER = join(import.meta.dirname, 'cases');

describe.each(readdirSync(FOLDER))('%s', (file) => {
  const lines = readFileSync(join(FOLDER, file), 'utf8').trim().split('\n');
  const cases = lines.map((line) => caseRule.parse(JSON.parse(line)));

  it.each(cases)('$name', ({ text, expect: right }) => {
    const reply = explain(text, new Date('2026-07-01T12:00:00Z'));
    const rows = reply.rows.map((row) => rowRule.parse(row));
    const rules = rows.flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(rows.length, 'not understood').toBeGreaterThan(0);
    expect(rules).toEqual(expect.arrayContaining(right.rules));
    expect(rules.filter((rule) => right.no.includes(rule))).toEqual([]);
    if (right.clients !== undefined) {
      const clients = rows.flatMap(({ client, user }) => (client === null ? [] : [[client, user]]));
      expect(clients.sort()).toEqual([...right.clients].sort());
    }
    if (right.answers !== undefined) expect(rows).toHaveLength(right.answers);
    for (const [at, found] of Object.entries(right.rows)) {
      const own = rows.filter(({ client, address }) => client === at || address === at);
      const ownRules = own.flatMap(({ findings }) => findings.map(({ rule }) => rule));
      expect(own.length, at).toBeGreaterThan(0);
      expect(ownRules, at).toEqual(expect.arrayContaining(found));
    }
    const paper = { width: 10_000, isColoured: false, offers: () => true };
    const plain = reply.messages.map((message) => messageText(message, paper)).join('\n');
    expect(plain).toContain(right.says);
    if (right.exit !== undefined) expect(right.exit).toContain(reply.exit);
  });
});
