/** Reads the message shortcuts from the app's manifest. Does I/O. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Shortcut } from './shape.ts';

const MANIFEST = new URL('../../manifest.yml', import.meta.url);

const rule = z.object({
  features: z.object({
    shortcuts: z
      .array(z.object({ name: z.string(), type: z.string(), callback_id: z.string() }))
      .default([]),
  }),
});

export function readShortcuts(): readonly Shortcut[] {
  const { features } = rule.parse(parse(readFileSync(MANIFEST, 'utf8')));
  return features.shortcuts
    .filter(({ type }) => type === 'message')
    .map(({ name, callback_id }) => ({ name, callbackId: callback_id }));
}
