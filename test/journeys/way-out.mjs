// Loaded before a program that has no network but its own loopback: makes the Unix socket WAY_OUT its
// proxy at port 3128, and leads what comes in at the Unix socket WAY_IN to its port 3000.
import { connect, createServer } from 'node:net';

function lead(from, to) {
  const server = createServer((here) => {
    const there = connect(to);
    for (const [one, other] of [
      [here, there],
      [there, here],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.listen(from).unref();
}

lead({ port: 3128, host: '127.0.0.1' }, { path: process.env.WAY_OUT });
if (process.env.WAY_IN) lead({ path: process.env.WAY_IN }, { port: 3000, host: '127.0.0.1' });
