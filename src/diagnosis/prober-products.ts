import { type Address, isInNetwork, parseAddress } from '../hostcache/address.ts';

/** The programs that check servers, how often they do it by default, and how each is set right. */

export interface Product {
  readonly what: string;
  /** Seconds between two checks, by default or by the usual setting. */
  readonly periods: readonly number[];
  readonly cure: string;
}

/** Programs, and what sets them right. */
export interface Fit {
  readonly what: readonly string[];
  readonly cure: string;
}

const NO_SCANS = 'Keep scanners out with a firewall.';

const OTHER_PORT =
  'point the health check at another port, where a small HTTP service logs in to MySQL itself.';

/** Both keywords of the check offer only that plugin, and an empty password. */
export const HAPROXY_CURE =
  'HAProxy: option mysql-check can only log in to an account with mysql_native_password and no password, which MySQL 9 no longer has. Use option httpchk or option external-check with a program that logs in.';

/** The plain check leaves no trace in the server's counters; option mysql-check without a user does. */
export const HAPROXY_BARE: Product = {
  what: "HAProxy's check (option mysql-check without a user, or a check that only connects)",
  periods: [2],
  cure: HAPROXY_CURE,
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

const PORT_SCANNER = 'a port scanner';

/** All TCP checks in short, for those whose interval fits none. */
export const SOME_TCP_CHECK: Fit = {
  what: [
    'a TCP check of HAProxy, F5 BIG-IP, AWS or keepalived',
    "Kubernetes' tcpSocket probe",
    'check_tcp of Nagios or Icinga, or net.tcp.service of Zabbix',
    PORT_SCANNER,
  ],
  cure: `Let the check log in with an account of its own (Kubernetes: an exec probe with mysqladmin ping; Nagios, Icinga: check_mysql -u -p; Zabbix: its MySQL template; HAProxy: option external-check), or point it at another port, where a small HTTP service logs in to MySQL itself. ${NO_SCANS}`,
};

export const SOME_HTTP_CHECK: Fit = {
  what: [
    'an HTTP check of HAProxy, a load balancer, Kubernetes or Nagios',
    'a proxy that sends the PROXY protocol (send-proxy)',
    PORT_SCANNER,
  ],
  cure: `Point the check at the port of an HTTP service, which logs in to MySQL itself. Leave send-proxy out: MySQL does not read the PROXY protocol. ${NO_SCANS}`,
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
