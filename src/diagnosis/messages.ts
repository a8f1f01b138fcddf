import { tableBlocks } from '../chat/listing.ts';
import {
  type Block,
  type Button,
  bold,
  headed,
  link,
  type Message,
  note,
  paragraph,
  time,
} from '../chat/message.ts';
import { joinWords } from '../chat/words.ts';
import { type Account, accountName } from '../hostcache/account.ts';
import { releaseOf } from '../hostcache/release.ts';
import { HELPS } from './after-flush.ts';
import { clientLabel } from './client.ts';
import type { Diagnosis } from './diagnose.ts';
import { factsText } from './facts.ts';
import { planButtons } from './plan-button.ts';
import type { ServerAnswer } from './predict.ts';
import type { Finding, RuleId } from './rule.ts';

/** A diagnosis as a message: the answer, the cause with numbers, the remedy, the gaps. */

const ACCOUNTS_SHOWN = 10;

/** `client`: the address or host name as it was typed. */
export function diagnosisMessage(diagnosis: Diagnosis, client: string): Message {
  const { evidence, findings, gaps } = diagnosis;
  const headline = headlineOf(diagnosis, client);
  // Without the settings there is nothing else to report.
  if (!evidence.settings.known) return headed(headline, []);
  const told = findings.filter((finding) => !isTold(finding, findings));
  const [main, ...others] = told;
  const isShort = main === undefined || main.severity === 'note';
  return headed(headline, [
    paragraph(answersText(diagnosis)),
    ...(isShort ? [] : findingBlocks(main)),
    // One cause and one remedy to copy; what else was found is small print.
    ...(isShort ? told : others).map(noteBlock),
    note(factsText(evidence)),
    ...gapBlocks(gaps),
    readFrom(diagnosis),
    { kind: 'buttons', buttons: [...buttonsOf(diagnosis), ...planButtons(diagnosis)] },
    ...accountTable(diagnosis),
  ]);
}

/**
 * Whether another finding says the same: a block counts the handshakes that were broken off, and who
 * fails to log in says more than how often somebody did.
 */
function isTold({ rule, severity }: Finding, findings: readonly Finding[]): boolean {
  const [first] = findings;
  const isBlock = first?.rule === 'blocked-host' || first?.rule === 'near-block';
  if (rule === 'handshake-errors') return isBlock;
  const isTotal = severity === 'note' && LOGIN_TOTALS.includes(rule);
  return isTotal && findings.some((finding) => finding.rule === 'failing-login');
}

const LOGIN_TOTALS: readonly RuleId[] = [
  'wrong-password',
  'account-locked',
  'plugin-missing',
  'user-limits',
  'default-database',
  'init-connect',
];

function headlineOf(diagnosis: Diagnosis, client: string): string {
  const { settings, user, client: address } = diagnosis.evidence;
  const label = clientLabel(client, address) + (user === null ? '' : ` as ${user}`);
  if (!settings.known) return `${label} could not be checked. ${settings.why}`;
  if (diagnosis.prediction.contradiction !== null) {
    return `${label} was refused by ${diagnosis.evidence.server} (1130), although its accounts admit it: run FLUSH PRIVILEGES, then let it try again.`;
  }
  return `${label} ${nowText(diagnosis)}; ${flushText(diagnosis)}.`;
}

function nowText(diagnosis: Diagnosis): string {
  const {
    evidence: { server },
    prediction: { now },
  } = diagnosis;
  switch (now.outcome) {
    case 'admitted':
      return now.account === null
        ? `passes the host check of ${server}`
        : landsText(diagnosis, now.account);
    case 'refused':
      return `is not allowed to connect to ${server} (1130)`;
    case 'blocked':
      return `is blocked by ${server} (1129)`;
    case 'denied':
      return `is denied by ${server} (1045): no account matches`;
    case 'unknown':
      return `could not be checked on ${server}`;
  }
}

/** The server has chosen the account; whether that account lets the login in is another question. */
function landsText({ evidence: { server, user }, findings }: Diagnosis, account: Account): string {
  const name = accountName(account);
  const blocking = findings.filter(({ severity }) => severity === 'blocking');
  if (account.user !== user) return `lands on ${name} of ${server}, not on an account of ${user}`;
  if (blocking.length === 0 && isFailing(findings))
    return `lands on ${name} of ${server}, and its logins have failed`;
  if (blocking.length === 0) return `can log in to ${server} as ${name}`;
  return isRefusedThere(findings)
    ? `lands on ${name} of ${server} and is refused there`
    : `is admitted by ${server} if the password is that of ${name}`;
}

/** Whether the logins of this user keep failing: then nobody knows that the next one succeeds. */
function isFailing(findings: readonly Finding[]): boolean {
  return findings.some(({ rule, severity }) => rule === 'failing-login' && severity !== 'note');
}

/** Whether the account refuses the login for more than its password. */
function isRefusedThere(findings: readonly Finding[]): boolean {
  return findings.some(
    ({ rule, severity }) => severity === 'blocking' && rule !== 'wrong-password',
  );
}

function flushText({ forecast, prediction: { now, afterFlush } }: Diagnosis): string {
  const account = afterFlush.account === null ? '' : `, as ${accountName(afterFlush.account)}`;
  switch (forecast.effect) {
    case 'unblocks':
      return `a flush unblocks it${account}, until the errors return`;
    case 'cures':
      return now.outcome === 'admitted'
        ? 'accounts that need its name can be used after a flush'
        : `a flush of the host cache cures it${account}`;
    case 'cures-after-fix':
      return now.outcome === 'admitted'
        ? 'accounts that need its name need DNS fixed first, then a flush'
        : 'a flush alone will not help: fix DNS first, then flush';
    case 'changes-account':
      return `after a flush it would log in as another account${account}`;
    case 'breaks':
      return 'do not flush: only its cached name lets it in';
    case 'useless':
      return 'a flush changes nothing';
    case 'unknown':
      return 'the effect of a flush is not known';
  }
}

export function findingBlocks(finding: Finding): readonly Block[] {
  const { title, cause, remedy, statements } = finding;
  return [
    paragraph(bold(title), `\n${cause}\n${remedy}`),
    ...statements.map((statement): Block => ({ kind: 'statement', text: statement })),
    manualNote(finding),
  ];
}

export function manualNote({ source }: Pick<Finding, 'source'>): Block {
  return note('Manual: ', link(source, source));
}

function noteBlock({ title, cause, remedy }: Finding): Block {
  return note(`${title}. ${cause} ${remedy}`);
}

function answersText(diagnosis: Diagnosis): string {
  const { now, afterFlush } = diagnosis.prediction;
  return `Now: ${answerText(now, diagnosis)}. After a flush: ${answerText(afterFlush, diagnosis)}.${keepText(diagnosis)}`;
}

/** How the client keeps its access, where no finding says it. */
function keepText({ forecast, findings }: Diagnosis): string {
  const isTold = forecast.effect !== 'breaks' || findings.some(({ rule }) => rule === 'stale-host');
  return isTold ? '' : ' First fix DNS, or create an account for the address.';
}

function answerText(
  { outcome, error, account, ties }: ServerAnswer,
  { evidence: { user }, prediction: { nowUnblocked }, findings }: Diagnosis,
): string {
  const number = error === null ? '' : ` (${error})`;
  if (account === null) return `${outcome}${number}`;
  const names = [account, ...ties].map(accountName).join(' or ');
  // Some accounts are reached, and no more: anonymous ones, locked ones, those that a finding blocks.
  const isRefused = account === nowUnblocked.account && isRefusedThere(findings);
  const isUsable = account.locked !== true && account.expired !== true && !isRefused;
  const canServe = account.user === user && isUsable;
  return `${canServe ? `${outcome} as` : 'lands on'} ${names}${ties.length === 0 ? '' : ' (their order is not specified)'}`;
}

function gapBlocks(gaps: readonly string[]): readonly Block[] {
  return gaps.map((gap) => note(bold('Not known: '), gap));
}

function readFrom({ evidence: { settings, server, resolver, readAt } }: Diagnosis): Block {
  const place = ['Read ', time(readAt), ` from ${server}`] as const;
  if (!settings.known) return note(...place, ` and ${resolver}.`);
  const { name, basis } = releaseOf(settings.value);
  return note(...place, ` and ${resolver}. ${name}: ${basis}.`);
}

function buttonsOf({ evidence, forecast }: Diagnosis): readonly Button[] {
  const { client, user, server } = evidence;
  const asUser = user === null ? [] : ['as', user];
  const line = joinWords(['why', client.text, ...asUser, 'on', server]);
  // Where a flush cannot help, there is no button for one.
  return [
    ...(HELPS.includes(forecast.effect) ? [flushButton(server)] : []),
    { label: 'Check again', line, says: `Check ${client.text} again`, replaces: true },
    { label: 'Post to channel', line: `${line} publicly`, says: 'Post this answer to the channel' },
  ];
}

/** Asks for a flush of the server; a second person must approve it. */
export function flushButton(server: string): Button {
  return {
    label: 'Request flush…',
    line: `flush on ${server}`,
    says: `Request a flush of the host cache of ${server}`,
    style: 'danger',
  };
}

function accountTable({ forecast, prediction }: Diagnosis): readonly Block[] {
  const { accounts, accountsTotal } = forecast;
  return tableBlocks({
    columns: ['Account', 'Now', 'After a flush'],
    rows: accounts.map(({ account, now, afterFlush }) => [
      `${accountName(account)}${account.isRole ? ' (role)' : ''}`,
      yesOrNo(account, now, prediction.now),
      yesOrNo(account, afterFlush, prediction.afterFlush),
    ]),
    total: accountsTotal,
    limit: ACCOUNTS_SHOWN,
  });
}

/** Whether a login lands on the account: what is not known, or not specified, is not a no. */
export function yesOrNo(
  account: Account,
  isChosen: boolean,
  { outcome, account: chosen, ties }: ServerAnswer,
): string {
  if (ties.length > 0 && (account === chosen || ties.includes(account))) return 'maybe';
  if (isChosen) return 'yes';
  return outcome === 'unknown' ? 'not known' : 'no';
}
