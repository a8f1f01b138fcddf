import { tableBlocks } from '../chat/listing.ts';
import { type Block, type Button, bold, type Message, text, time } from '../chat/message.ts';
import { joinWords } from '../chat/words.ts';
import { accountName } from '../hostcache/account.ts';
import type { FlushEffect, FlushForecast } from './after-flush.ts';
import { clientLabel } from './client.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Prediction, ServerAnswer } from './predict.ts';
import type { Finding } from './rule.ts';

/** A diagnosis in words: the answer, the cause with numbers, the remedy, what is not known. */

const ACCOUNTS_SHOWN = 10;

/** `client` is what was typed. */
export function diagnosisMessage(diagnosis: Diagnosis, client: string): Message {
  const headline = headlineOf(diagnosis, client);
  // A server that cannot be asked leaves nothing else to say.
  if (!diagnosis.evidence.settings.known) {
    return { headline, blocks: [{ kind: 'text', spans: text(bold(headline)) }] };
  }
  const telling = diagnosis.findings.filter(({ severity }) => severity !== 'note');
  const notes = diagnosis.findings.filter(({ severity }) => severity === 'note');
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      ...telling.flatMap((finding, i) =>
        i === 0 ? findingBlocks(finding) : furtherBlocks(finding),
      ),
      { kind: 'text', spans: text(outcomeLine(diagnosis)) },
      ...notes.map(noteBlock),
      ...gapBlocks(diagnosis),
      footer(diagnosis),
      { kind: 'buttons', buttons: buttonsOf(diagnosis) },
      ...accountTable(diagnosis.forecast),
    ],
  };
}

function headlineOf(diagnosis: Diagnosis, client: string): string {
  const { evidence, prediction, forecast } = diagnosis;
  const { server, settings, user } = evidence;
  const who = clientLabel(client, evidence.client);
  const asUser = user === null ? '' : ` as ${user}`;
  if (!settings.known) return `${who}${asUser} could not be judged. ${settings.why}`;
  return `${who}${asUser} ${nowWords(diagnosis, server)}; ${flushWords(forecast.effect, prediction)}.`;
}

function nowWords({ prediction: { now }, findings }: Diagnosis, server: string): string {
  switch (now.outcome) {
    case 'admitted':
      if (now.account === null) return `passes the host check of ${server}`;
      // The account is chosen, and what refuses it then is told below.
      return findings.some(({ severity }) => severity === 'blocking')
        ? `lands on ${accountName(now.account)} of ${server} and is refused there`
        : `can log in to ${server} as ${accountName(now.account)}`;
    case 'refused':
      return `is not allowed to connect to ${server} (1130)`;
    case 'blocked':
      return `is blocked by ${server} (1129)`;
    case 'denied':
      return `is denied by ${server} (1045): no account matches`;
    case 'unknown':
      return `could not be judged on ${server}`;
  }
}

function flushWords(effect: FlushEffect, { now, afterFlush: after }: Prediction): string {
  const account = after.account === null ? '' : `, as ${accountName(after.account)}`;
  switch (effect) {
    case 'unblocks':
      return `a flush unblocks it${account}, until the errors return`;
    case 'cures':
      return `a flush of the host cache cures it${account}`;
    case 'cures-after-fix':
      return now.outcome === 'admitted'
        ? 'what waits for its name needs DNS mended first, then a flush'
        : 'a flush alone will not help: mend DNS first, then flush';
    case 'changes-account':
      return `after a flush it would log in as another account${account}`;
    case 'breaks':
      return 'do not flush: that would keep it out';
    case 'useless':
      return 'a flush changes nothing';
    case 'unknown':
      return 'what a flush changes is not known';
  }
}

export function findingBlocks({
  title,
  cause,
  remedy,
  statements,
  source,
}: Finding): readonly Block[] {
  return [
    { kind: 'text', spans: text(bold(title), `\n${cause}\n${remedy}`) },
    ...statements.map((statement): Block => ({ kind: 'statement', text: statement })),
    { kind: 'note', spans: text(`Manual: ${source}`) },
  ];
}

/** What only follows from the first finding is told in passing; an own remedy is told in full. */
function furtherBlocks(finding: Finding): readonly Block[] {
  return finding.statements.length === 0 ? [noteBlock(finding)] : findingBlocks(finding);
}

function noteBlock({ title, cause, remedy }: Finding): Block {
  return { kind: 'note', spans: text(`${title}. ${cause} ${remedy}`) };
}

function outcomeLine({ evidence, prediction }: Diagnosis): string {
  const entry = evidence.entry.known ? evidence.entry.value : null;
  const cached = !evidence.entry.known
    ? 'cannot be seen'
    : entry === null
      ? 'no entry'
      : `${entry.host ?? 'NULL'}, ${entry.validated ? 'validated' : 'not validated'}, ${entry.connectErrors} connect errors`;
  const { dns } = evidence;
  const asked =
    dns === null
      ? 'not asked'
      : dns.host === null
        ? dns.status
        : `${dns.host}, ${dns.confirmed ? 'confirmed' : 'not confirmed'}`;
  return [
    `Host cache: ${cached}. DNS now: ${asked}.`,
    `Now: ${sayAnswer(prediction.now)}. After a flush: ${sayAnswer(prediction.afterFlush)}.`,
  ].join('\n');
}

function sayAnswer({ outcome, error, account, ties }: ServerAnswer): string {
  const number = error === null ? '' : ` (${error})`;
  const as = account === null ? '' : ` as ${accountName(account)}`;
  const equal =
    ties.length === 0
      ? ''
      : ` or ${ties.map(accountName).join(' or ')}, the order is not specified`;
  return `${outcome}${number}${as}${equal}`;
}

function gapBlocks({ gaps }: Diagnosis): readonly Block[] {
  return gaps.map((gap) => ({ kind: 'note', spans: text(bold('Not known: '), gap) }));
}

function footer({ evidence }: Diagnosis): Block {
  const { settings, server, resolver, readAt } = evidence;
  const version = settings.known
    ? ` (${settings.value.flavour} ${settings.value.version.text})`
    : '';
  return {
    kind: 'note',
    spans: text('Read ', time(readAt), ` from ${server}${version} and ${resolver}.`),
  };
}

/** A flush is offered only where it could help. */
function buttonsOf({ evidence, forecast }: Diagnosis): readonly Button[] {
  const { client, user, server } = evidence;
  const asUser = user === null ? [] : ['as', user];
  const line = joinWords(['why', client.text, ...asUser, 'on', server]);
  const canHelp = ['unblocks', 'cures', 'changes-account'].includes(forecast.effect);
  const flush: Button = {
    label: 'Request flush…',
    line: `flush on ${server}`,
    says: `Request a flush of the host cache of ${server}`,
    style: 'danger',
  };
  return [
    ...(canHelp ? [flush] : []),
    {
      label: 'Check again',
      line,
      says: `Ask again why ${client.text} is answered so`,
      replaces: true,
    },
    { label: 'Post to channel', line: `${line} publicly`, says: 'Post this answer to the channel' },
  ];
}

function accountTable({ accounts, accountsTotal }: FlushForecast): readonly Block[] {
  return tableBlocks({
    columns: ['Account', 'Now', 'After a flush'],
    rows: accounts.map(({ account, now, afterFlush }) => [
      `${accountName(account)}${account.isRole ? ' (role)' : ''}`,
      now ? 'chosen' : 'no',
      afterFlush ? 'chosen' : 'no',
    ]),
    total: accountsTotal,
    limit: ACCOUNTS_SHOWN,
  });
}
