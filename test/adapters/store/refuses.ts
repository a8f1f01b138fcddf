import { expect } from 'vitest';
import { openStore } from '../../../src/adapters/store/store.ts';
import { placeOf } from '../../logins.ts';

/** Expects that opening the state fails with this line. */
export async function refuses(url: string, message: string): Promise<void> {
  await expect(openStore({ place: placeOf(url) })).rejects.toMatchObject({
    kind: 'unreadable',
    message,
  });
}
