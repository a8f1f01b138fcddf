import { argv, stdout } from 'node:process';
import { openStore } from '../../../src/adapters/store/store.ts';
import { placeOf } from '../../logins.ts';
import { alert, post } from './samples.ts';

/** A process that saves alerts, each with a post in its own channel, until it is killed. */

const { alerts } = await openStore({ place: placeOf(argv[2] ?? '') });
for (let at = 1; ; at += 1) {
  const id = `AL-${at}`;
  await alerts.save([alert({ id })], [post(id, 'root', { subject: id, channel: id })]);
  if (at === 1) stdout.write('saving\n');
}
