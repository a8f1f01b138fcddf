// Loaded before the bot: reports its event loop and its memory each second, as lines of JSON to LOOP_REPORT.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** A timer of this period measures how late it fires; without any lag it counts its own period. */
const RESOLUTION_MS = 5;

const whole = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
whole.enable();
// The start loads and compiles; what is measured comes after it.
setTimeout(() => whole.reset(), 20_000).unref();

const lagMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

setInterval(() => {
  const report = {
    p50: lagMs(whole.percentile(50)),
    p99: lagMs(whole.percentile(99)),
    max: lagMs(whole.max),
    rssMb: process.memoryUsage.rss() / 2 ** 20,
    cpuS: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
  };
  appendFileSync(process.env.LOOP_REPORT, `${JSON.stringify(report)}\n`);
}, 1000).unref();
