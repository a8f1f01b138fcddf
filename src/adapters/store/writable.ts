// Proves that the state can be written, by writing a row of it. Does I/O.
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isUnreadable } from '../../chat/unreadable.ts';
import { countUp, type Database } from './database.ts';
import { faultOfTables } from './migration-record.ts';
import { fault, nameOf, type Place } from './place.ts';

/** SQLite can still write into room that its files had before, when the disk has none left. */
const ROOM_BYTES = 128 * 1024;

/** Rejects as `Unreadable` if the state cannot be written, or lacks something. */
export async function proveWritable({ db }: Database, place: Place): Promise<void> {
  // A read would also succeed on a full disk, on another user's file, or on a replica.
  const isWritten = await countUp(db, 'probe');
  const sentence = isWritten
    ? await faultOfTables(db, place.kind)
    : 'lacks rows of hostcache_counters; restore a backup, or use a new state';
  if (sentence !== null) throw fault(`${nameOf(place)} ${sentence}`);
  if (place.kind === 'sqlite') refuseFullDisk(place.file);
}

/** The sentence on why the state cannot be written; null = it can. */
export async function writeFaultOf(database: Database, place: Place): Promise<string | null> {
  try {
    await proveWritable(database, place);
    return null;
  } catch (error) {
    if (isUnreadable(error)) return error.message;
    throw error;
  }
}

function refuseFullDisk(file: string): void {
  const { bavail, bsize } = statfsSync(dirname(file));
  const left = bavail * bsize;
  if (left >= ROOM_BYTES) return;
  throw fault(`the disk of ${file} is full (${Math.floor(left / 1024)} kB left); free some space`);
}
