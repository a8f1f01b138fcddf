// A DNS server in a process of its own, as a real one is: the first clients of the crowd have names.
import { createInterface } from 'node:readline';
import { startDns } from '../sandbox/dns.ts';
import { nameClients } from './crowd.ts';

const { dns, address } = await startDns();
nameClients(dns, Number(process.argv[2]));
process.stdout.write(`${address}\n`);
// The process that started it holds the other end.
createInterface({ input: process.stdin }).once('close', () => process.exit(0));
