import { webApi } from '@slack/bolt';
import { codeOf } from '../../chat/unreadable.ts';

/** Says why Slack was not reached: a proxy, DNS, the network, a certificate, or no answer. */

/** A proxy that could not be reached, or that refused to connect. */
export interface ProxyFault extends Error {
  readonly kind: 'proxy';
}

interface Refusal {
  /** `host:port`. */
  readonly proxy: string;
  /** `host:port`. */
  readonly target: string;
  /** Of the proxy's answer to CONNECT; null = there was no answer. */
  readonly status: number | null;
}

export function createProxyFault(refusal: Refusal, cause?: unknown): ProxyFault {
  return Object.assign(new Error(sayRefusal(refusal, cause), { cause }), {
    kind: 'proxy' as const,
  });
}

function sayRefusal({ proxy, target, status }: Refusal, cause: unknown): string {
  switch (status) {
    case null:
      return `the proxy ${proxy} cannot be reached: ${reasonOf(cause)}`;
    case 407:
      return `the proxy ${proxy} refused the user and the password, or needs them (407)`;
    case 403:
      return `the proxy ${proxy} does not allow connections to ${target} (403)`;
    default:
      return `the proxy ${proxy} did not connect to ${target} (status ${status})`;
  }
}

/** The proxy's fault in the error or one of its causes; null = none. */
export function proxyFaultIn(error: unknown): ProxyFault | null {
  if (!(error instanceof Error)) return null;
  if ('kind' in error && error.kind === 'proxy') return error as ProxyFault;
  return proxyFaultIn(error.cause);
}

/** A sentence without a full stop. `where`: the host or the URL that was asked. */
export function sayUnreached(error: unknown, where: string): string {
  const reason = reasonOf(error);
  return proxyFaultIn(error) === null
    ? `Slack did not answer at ${where}: ${reason}`
    : reason.replace(/^the/, 'The');
}

/** What to do about it, in one sentence. */
export function unreachedAdvice(error: unknown): string {
  if (proxyFaultIn(error) !== null) {
    return 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and the rules of the proxy.';
  }
  if (UNTRUSTED.has(innermostCode(error) ?? '')) {
    return 'If a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file with its CA certificate.';
  }
  return 'Check that this machine can reach it, and see https://slack-status.com.';
}

const UNTRUSTED = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const REASONS: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'DNS did not answer',
  ENOTFOUND: 'DNS does not know this name',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: 'the connection was cut',
};

/** The end of a sentence. */
export function reasonOf(error: unknown): string {
  const fault = proxyFaultIn(error);
  if (fault !== null) return fault.message;
  if (error instanceof webApi.WebAPIHTTPError) return `status ${error.statusCode}`;
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  if (error instanceof webApi.WebAPIRequestError) return reasonOf(error.cause);
  const code = innermostCode(error);
  if (code === null) return error instanceof Error ? error.message : String(error);
  if (UNTRUSTED.has(code)) return `its certificate is not trusted (${code})`;
  const reason = REASONS[code];
  return reason === undefined ? code : `${reason} (${code})`;
}

/** The code of the system or undici, from the error or one of its causes; null = there is none. */
export function innermostCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  return innermostCode(error.cause) ?? codeOf(error);
}
