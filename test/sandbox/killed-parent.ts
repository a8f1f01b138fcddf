/** A process that starts a world and says where it is, to be killed by world.test.ts. */
import process from 'node:process';
import { startWorld } from '../../sandbox/world.ts';

const world = await startWorld({ flavour: 'mariadb' });
process.stdout.write(`${world.socketPath}\n`);
