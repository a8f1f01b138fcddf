import { type Address, isInNetwork, parseAddress } from '../hostcache/address.ts';

/** The programs that check servers, how often they do it by default, and how each is set right. */

export interface Product {
  readonly what: string;
  /** Seconds between two checks, by default or by the usual setting. */
  readonly periods: readonly number[];
  readonly cure: string;
}

const OTHER_PORT =
  'Point its health check at another port, where a small HTTP service logs in to MySQL itself.';

/** The plain check leaves no trace in the server's counters; option mysql-check without a user does. */
export const HAPROXY_BARE: Product = {
  what: "HAProxy's check (option mysql-check without a user, or a check that only connects)",
  periods: [2],
  cure: 'HAProxy: use option httpchk or option external-check with a program that logs in. On MariaDB, option mysql-check with a user without a password logs in.',
};

/** Each opens a TCP connection and closes it. */
export const TCP_CHECKS: readonly Product[] = [
  HAPROXY_BARE,
  {
    what: "F5 BIG-IP's TCP monitor",
    periods: [5],
    cure: 'F5 BIG-IP: use its MySQL monitor, with an account for it.',
  },
  {
    what: "Kubernetes' tcpSocket probe",
    periods: [10],
    cure: 'Kubernetes: use an exec probe (mysqladmin ping with an account, on 127.0.0.1, which is never blocked).',
  },
  {
    what: "AWS Network Load Balancer's health check",
    periods: [10, 30],
    cure: `AWS: ${OTHER_PORT}`,
  },
  {
    what: "AWS Classic Load Balancer's health check",
    periods: [30],
    cure: `AWS: ${OTHER_PORT}`,
  },
  {
    what: "keepalived's TCP_CHECK",
    periods: [60],
    cure: 'keepalived: use MISC_CHECK with a program that logs in.',
  },
  {
    what: "Zabbix's net.tcp.service",
    periods: [60],
    cure: 'Zabbix: use its MySQL template, which logs in.',
  },
  {
    what: 'check_tcp of Nagios or Icinga',
    periods: [60, 300],
    cure: 'Nagios, Icinga: use check_mysql with -u and -p.',
  },
];

/** Each sends a request of another protocol. */
export const HTTP_CHECKS: readonly Product[] = [
  {
    what: "HAProxy's option httpchk",
    periods: [2],
    cure: 'HAProxy: point the check at the port of the HTTP service (check port …), not at MySQL.',
  },
  {
    what: "Kubernetes' httpGet probe",
    periods: [10],
    cure: 'Kubernetes: use an exec probe (mysqladmin ping with an account, on 127.0.0.1).',
  },
  {
    what: "a load balancer's HTTP health check",
    periods: [5, 10, 30],
    cure: `Load balancer: ${OTHER_PORT}`,
  },
  {
    what: 'check_http of Nagios or Icinga',
    periods: [60, 300],
    cure: 'Nagios, Icinga: use check_mysql with -u and -p.',
  },
];

export const SEND_PROXY: Product = {
  what: 'a proxy that sends the PROXY protocol (send-proxy)',
  periods: [],
  cure: 'Proxy: leave send-proxy out; MySQL does not read the PROXY protocol.',
};

export const PORT_SCANNER: Product = {
  what: 'a port scanner',
  periods: [],
  cure: 'Port scanner: exclude this port, or let a firewall refuse its address.',
};

/** By the addresses that only their checks come from, as their documentation says. */
const BY_ADDRESS: readonly {
  readonly networks: readonly (readonly [string, number])[];
  readonly product: Product;
}[] = [
  {
    networks: [['168.63.129.16', 32]],
    product: {
      what: "Azure Load Balancer's health probe",
      periods: [5, 15],
      cure: `Azure: ${OTHER_PORT}`,
    },
  },
  {
    networks: [
      ['35.191.0.0', 16],
      ['130.211.0.0', 22],
    ],
    product: {
      what: "Google Cloud Load Balancing's health check",
      periods: [5],
      cure: `Google Cloud: ${OTHER_PORT}`,
    },
  },
];

export const HAPROXY_USER_CURE =
  'HAProxy: the check can only log in to an account with mysql_native_password and no password, which MySQL 9 no longer has. Replace it by option httpchk or option external-check with a program that logs in.';

/** null = the address says nothing. */
export function productAt(client: Address): Product | null {
  const row = BY_ADDRESS.find(({ networks }) =>
    networks.some(([base, bits]) => {
      const network = parseAddress(base);
      return network !== null && isInNetwork(client, network, bits);
    }),
  );
  return row?.product ?? null;
}
