/** A process that waits with untilTold() and prints when it resolves, for demo.test.ts. */
import { untilTold } from '../../sandbox/demo/until-told.ts';

process.stdout.write(`${process.pid}\n`);
await untilTold();
process.stdout.write('told\n');
process.exit(0);
