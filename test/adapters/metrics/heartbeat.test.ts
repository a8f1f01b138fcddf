import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHeartbeat } from '../../../src/adapters/metrics/heartbeat.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-beat-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const now = () => new Date('2026-11-29T12:00:00Z');

it('writes the time', async () => {
  const file = join(folder, 'alive');
  await createHeartbeat({ file, now, log: createFakeLog() })();
  expect(readFileSync(file, 'utf8')).toBe('2026-11-29T12:00:00.000Z\n');
});

it('a file that cannot be written is logged once, and written as soon as it can be', async () => {
  const log = createFakeLog();
  const file = join(folder, 'later', 'alive');
  const beat = createHeartbeat({ file, now, log });
  await beat();
  await beat();
  expect(log.lines.map(({ message }) => message)).toEqual(['HEALTH_FILE cannot be written']);
  mkdirSync(join(folder, 'later'));
  await beat();
  expect(readFileSync(file, 'utf8')).toContain('2026');
});
