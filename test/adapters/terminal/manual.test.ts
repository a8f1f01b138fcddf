import { expect, it } from 'vitest';
import { manualPage } from '../../../src/adapters/terminal/manual.ts';
import { SUBCOMMANDS } from '../../../src/app.ts';

it('the manual page says what help says; `npm run man` writes it anew', async () => {
  await expect(manualPage(SUBCOMMANDS)).toMatchFileSnapshot('../../../docs/hostcache.1');
});
