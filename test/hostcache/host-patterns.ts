/** Results of single host patterns on MySQL 9.7.4: each row is a real connection. */

/** A client, and its name as the server knows it; null = none. */
export interface Caller {
  readonly address: string;
  readonly name: string | null;
}

export type Outcome = 'login' | 1130 | 1045;

export interface HostPatternRow {
  readonly host: string;
  readonly from: Caller;
  /** With only `'u'@host` and root@localhost, which opens the host check for local clients only. */
  readonly alone: Outcome;
  /** The same with an account for '%', which opens the host check for all. */
  readonly guarded: Outcome;
  /** Its place in the order of accounts: `name 128`, `IP ffffffff`, `CIDR ffffff00`, `MASK …`. */
  readonly order: string;
}

const APPSRV: Caller = { address: '240.221.242.64', name: 'appsrv01.corp.example.com' };
const NAMELESS: Caller = { address: '10.1.2.3', name: null };
const AB: Caller = { address: '192.168.1.25', name: 'ab' };
const MY_HOST: Caller = { address: '192.168.1.5', name: 'my_host.example.com' };
const A_B: Caller = { address: '10.1.2.9', name: 'a_b.example.com' };
const AXB: Caller = { address: '10.1.2.10', name: 'axb.example.com' };
const LOCAL: Caller = { address: '127.0.0.1', name: 'localhost' };
const LOCAL_V6: Caller = { address: '::1', name: 'localhost' };
const NEARLY_LOCAL: Caller = { address: '127.0.0.2', name: null };
const V6HOST: Caller = { address: '2001:db8::5', name: 'v6host.corp.example.com' };
const V6_NAMELESS: Caller = { address: '2001:db8::6', name: null };
const LOGIN = 'login';

type Row = readonly [host: string, from: Caller, alone: Outcome, guarded: Outcome, order: string];

const ROWS: readonly Row[] = [
  ['appsrv01.corp.example.com', APPSRV, LOGIN, LOGIN, 'name 128'],
  ['APPSRV01.corp.EXAMPLE.com', APPSRV, LOGIN, LOGIN, 'name 128'],
  ['appsrv01', APPSRV, 1130, 1045, 'name 128'],
  ['appsrv01.corp.example.com.', APPSRV, 1130, 1045, 'name 128'],
  ['corp.example.com', APPSRV, 1130, 1045, 'name 128'],
  ['appsrv01.corp.example.com', NAMELESS, 1130, 1045, 'name 128'],
  ['%.corp.example.com', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['%.example.com', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['%.example.com', NAMELESS, 1130, 1045, 'name 2'],
  ['appsrv%', APPSRV, LOGIN, LOGIN, 'name 8'],
  ['appsrv__.corp.example.com', APPSRV, LOGIN, LOGIN, 'name 8'],
  ['appsrv_.corp.example.com', APPSRV, 1130, 1045, 'name 8'],
  ['%corp%', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['%.COM', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['a%m', APPSRV, LOGIN, LOGIN, 'name 3'],
  ['%.corp.example.co_', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['appsrv01.corp.example.com%', APPSRV, LOGIN, LOGIN, 'name 27'],
  ['appsrv01.corp.example.com%%', APPSRV, 1130, 1045, 'name 27'],
  ['appsrv01.corp.example.co_%', APPSRV, 1130, 1045, 'name 26'],
  ['%_', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['_%', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['%%', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['_', APPSRV, 1130, 1045, 'name 2'],
  ['a_', AB, LOGIN, LOGIN, 'name 3'],
  ['a_%', AB, 1130, 1045, 'name 3'],
  ['__', AB, LOGIN, LOGIN, 'name 2'],
  ['__%', AB, LOGIN, LOGIN, 'name 2'],
  ['%b', AB, LOGIN, LOGIN, 'name 2'],
  ['%ab', AB, LOGIN, LOGIN, 'name 2'],
  ['%_b', AB, LOGIN, LOGIN, 'name 2'],
  ['%_ab', AB, 1130, 1045, 'name 2'],
  ['my\\_host.example.com', MY_HOST, LOGIN, LOGIN, 'name 128'],
  ['my_host.example.com', MY_HOST, LOGIN, LOGIN, 'name 4'],
  ['a\\_b.example.com', A_B, LOGIN, LOGIN, 'name 128'],
  ['a\\_b.example.com', AXB, 1130, 1045, 'name 128'],
  ['a_b.example.com', AXB, LOGIN, LOGIN, 'name 3'],
  ['240.221.242.6\\4', APPSRV, 1130, LOGIN, 'IP nomask'],
  ['240.221.242.64', APPSRV, LOGIN, LOGIN, 'IP ffffffff'],
  ['240.221.242.64', NAMELESS, 1130, 1045, 'IP ffffffff'],
  ['240.221.242.064', APPSRV, 1130, LOGIN, 'IP ffffffff'],
  ['+240.221.242.64', APPSRV, 1130, LOGIN, 'IP ffffffff'],
  ['240.221.242.64.', APPSRV, 1130, 1045, 'IP nomask'],
  ['240.221.242', APPSRV, 1130, 1045, 'name 128'],
  ['240.221.242.%', APPSRV, LOGIN, LOGIN, 'name 14'],
  ['240.221.%', APPSRV, LOGIN, LOGIN, 'name 10'],
  ['240.221.242.6_', APPSRV, LOGIN, LOGIN, 'IP nomask'],
  ['240.221.242._4', APPSRV, LOGIN, LOGIN, 'name 14'],
  ['240.221.242.__', APPSRV, LOGIN, LOGIN, 'name 14'],
  ['240.221.242.___', APPSRV, 1130, 1045, 'name 14'],
  ['240.%.242.64', APPSRV, LOGIN, LOGIN, 'name 6'],
  ['240.221.242.64%', APPSRV, LOGIN, LOGIN, 'IP nomask'],
  ['240.221.242.6%', APPSRV, LOGIN, LOGIN, 'IP nomask'],
  ['24%', APPSRV, LOGIN, LOGIN, 'name 4'],
  ['%.64', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['%4', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['240.221.%.%', APPSRV, LOGIN, LOGIN, 'name 10'],
  ['240.221.242.%_', APPSRV, LOGIN, LOGIN, 'name 14'],
  ['240.221.242.%64', APPSRV, LOGIN, LOGIN, 'name 14'],
  ['%.%.%.%', APPSRV, LOGIN, LOGIN, 'name 2'],
  ['240.221.242.%', NAMELESS, 1130, 1045, 'name 14'],
  ['240.221.242.0/255.255.255.0', APPSRV, LOGIN, LOGIN, 'MASK ffffff00'],
  ['240.221.0.0/255.255.0.0', APPSRV, LOGIN, LOGIN, 'MASK ffff0000'],
  ['240.0.0.0/240.0.0.0', APPSRV, LOGIN, LOGIN, 'MASK f0000000'],
  ['240.221.242.64/255.255.255.255', APPSRV, 1130, LOGIN, 'MASK ffffffff'],
  ['240.221.242.64/255.255.255.0', APPSRV, 1130, 1045, 'MASK ffffff00'],
  ['240.221.242.0/255.255.255.128', APPSRV, LOGIN, LOGIN, 'MASK ffffff80'],
  ['240.0.242.64/255.0.255.255', APPSRV, 1130, 1045, 'name 128'],
  ['0.0.0.0/0.0.0.0', APPSRV, 1130, 1045, 'name 128'],
  ['240.221.242.0/255.255.255.0.', APPSRV, 1130, 1045, 'name 128'],
  ['240.221.242.0/24', APPSRV, LOGIN, LOGIN, 'CIDR ffffff00'],
  ['240.221.0.0/16', APPSRV, LOGIN, LOGIN, 'CIDR ffff0000'],
  ['240.0.0.0/4', APPSRV, LOGIN, LOGIN, 'CIDR f0000000'],
  ['240.221.242.64/32', APPSRV, 1130, LOGIN, 'CIDR ffffffff'],
  ['240.221.242.64/26', APPSRV, LOGIN, LOGIN, 'CIDR ffffffc0'],
  ['240.221.242.64/31', APPSRV, LOGIN, LOGIN, 'CIDR fffffffe'],
  ['240.221.242.65/32', APPSRV, 1130, 1045, 'CIDR ffffffff'],
  ['240.221.242.64/24', APPSRV, 1130, 1045, 'CIDR ffffff00'],
  ['0.0.0.0/0', APPSRV, 1130, 1045, 'name 128'],
  ['128.0.0.0/1', APPSRV, LOGIN, LOGIN, 'CIDR 80000000'],
  ['240.221.242.0/33', APPSRV, 1130, 1045, 'name 128'],
  ['240.221.242.0/024', APPSRV, LOGIN, LOGIN, 'CIDR ffffff00'],
  ['10.0.0.0/8', NAMELESS, LOGIN, LOGIN, 'CIDR ff000000'],
  ['10.0.0.0/8', APPSRV, 1130, 1045, 'CIDR ff000000'],
  ['localhost', LOCAL, LOGIN, LOGIN, 'name 128'],
  ['localhost', LOCAL_V6, LOGIN, LOGIN, 'name 128'],
  ['localhost', NEARLY_LOCAL, 1130, 1045, 'name 128'],
  ['127.0.0.1', LOCAL, LOGIN, LOGIN, 'IP ffffffff'],
  ['127.0.0.1', LOCAL_V6, 1045, 1045, 'IP ffffffff'],
  ['::1', LOCAL_V6, LOGIN, LOGIN, 'name 128'],
  ['::1', LOCAL, 1045, 1045, 'name 128'],
  ['127.0.0.0/8', LOCAL, LOGIN, LOGIN, 'CIDR ff000000'],
  ['127.%', LOCAL, LOGIN, LOGIN, 'name 6'],
  ['local%', LOCAL, LOGIN, LOGIN, 'name 7'],
  ['127.0.0.0/8', NEARLY_LOCAL, LOGIN, LOGIN, 'CIDR ff000000'],
  ['2001:db8::5', V6HOST, LOGIN, LOGIN, 'name 128'],
  ['2001:DB8::5', V6HOST, 1045, 1045, 'name 128'],
  ['2001:db8:0:0:0:0:0:5', V6HOST, 1130, 1045, 'name 128'],
  ['2001:db8::%', V6HOST, LOGIN, LOGIN, 'name 12'],
  ['2001:db8::/32', V6HOST, 1130, 1045, 'name 128'],
  ['v6host.corp.example.com', V6HOST, LOGIN, LOGIN, 'name 128'],
  ['%.corp.example.com', V6HOST, LOGIN, LOGIN, 'name 2'],
  ['2001:db8::_', V6_NAMELESS, LOGIN, LOGIN, 'name 12'],
  ['%:%', V6_NAMELESS, LOGIN, LOGIN, 'name 2'],
  ['::ffff:10.1.2.3', NAMELESS, 1130, 1045, 'name 128'],
  ['%', APPSRV, LOGIN, LOGIN, 'name 1'],
  ['%', V6_NAMELESS, LOGIN, LOGIN, 'name 1'],
  ['', APPSRV, LOGIN, LOGIN, 'name 0'],
  ['%', LOCAL, LOGIN, LOGIN, 'name 1'],
];

export const HOST_PATTERN_ROWS: readonly HostPatternRow[] = ROWS.map(
  ([host, from, alone, guarded, order]) => ({ host, from, alone, guarded, order }),
);
