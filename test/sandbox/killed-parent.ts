/** A process that starts a world and prints its place, so that a test can kill it. */
import process from 'node:process';
import { startWorld } from '../../sandbox/world.ts';

const world = await startWorld({ flavour: 'mariadb' });
process.stdout.write(`${world.socketPath}\n`);
