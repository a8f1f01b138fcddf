import { expect, it } from 'vitest';
import { SUBCOMMANDS } from '../../src/app.ts';
import { candidates } from '../../src/chat/completion.ts';

/** What a shell offers for the last word. */

const MENU = { subcommands: SUBCOMMANDS, surface: 'terminal' } as const;

it.each([
  { typed: ['wh'], offers: ['why'] },
  { typed: ['st'], offers: ['start', 'status'] },
  { typed: ['ack'], offers: [] },
  { typed: ['why', '192.0.2.7', ''], offers: ['all', 'as', 'on', 'with'] },
  { typed: ['why', '192.0.2.7', 'on', ''], offers: ['all', 'main', 'replica'] },
  { typed: ['why', '192.0.2.7', '--server', 'm'], offers: ['main'] },
  { typed: ['why', '192.0.2.7', '--server', '=', 'm'], offers: ['main'] },
  { typed: ['why', '192.0.2.7', '--server', '='], offers: ['all', 'main', 'replica'] },
  { typed: ['why', '--server=m'], offers: ['--server=main'] },
  { typed: ['why', '--u'], offers: ['--user'] },
  { typed: ['why', '--defaults-file', ''], offers: [':files'] },
  { typed: ['why', '--login-path', ''], offers: [] },
  { typed: ['list', 'b'], offers: ['blocked'] },
  { typed: ['list', '--color=al'], offers: ['--color=always'] },
  { typed: ['list', '--color', '=', 'al'], offers: ['always'] },
  { typed: ['plan', 's'], offers: ['skip-name-resolve'] },
  { typed: ['explain', 'e'], offers: [':files'] },
  { typed: ['help', 'pl'], offers: ['plan'] },
  { typed: ['completion', ''], offers: ['bash', 'fish', 'zsh'] },
])('$typed', ({ typed, offers }) => {
  expect(candidates(typed, MENU, ['main', 'replica'])).toEqual(offers);
});
