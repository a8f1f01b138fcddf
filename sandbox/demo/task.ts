// The visitor's task: a second client that has lost its name.
import type { ClientLogin } from '../page/world-panel.ts';
import type { Stage } from './stage.ts';

/** Its address is unassigned (class E). */
export const SHOP: ClientLogin = {
  address: '240.7.19.3',
  host: 'shop.example.com',
  account: 'shop',
  password: 'sandbox',
};

export async function layTask({ world, panel, assign }: Stage): Promise<void> {
  const { address, host, account, password } = SHOP;
  await world.query(`CREATE USER '${account}'@'${host}' IDENTIFIED BY '${password}'`);
  panel.happened(
    `Your turn. There is an account '${account}'@'${host}'. DNS has no name for that machine.`,
  );
  assign(SHOP);
  await panel.pull('login', address);
}
