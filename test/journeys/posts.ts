import type { Said } from '../../sandbox/slack/events.ts';

/** Messages about one refused client, in the shapes in which monitoring tools and people post to Slack. */

export const CLIENT = '240.221.242.64';

interface Post {
  readonly name: string;
  readonly message: Said & { readonly text: string };
  /** Whom the text names; null = nobody. */
  readonly user: string | null;
}

const REFUSED = `Host '${CLIENT}' is not allowed to connect to this MySQL server`;
const BLOCKED = `Host '${CLIENT}' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'`;
const DENIED = `Access denied for user 'jdoe'@'${CLIENT}' (using password: YES)`;

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: false });
const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });

const alertmanager: Post = {
  name: 'Alertmanager: an attachment with a title and a text',
  user: null,
  message: {
    text: '',
    attachments: [
      {
        id: 1,
        color: 'a30200',
        fallback:
          '[FIRING:1] MysqlLoginRefused (db1:9104 mysql critical) | http://alerts.example.com/',
        title: '[FIRING:1] MysqlLoginRefused (db1:9104 mysql critical)',
        title_link: 'http://alerts.example.com/#/alerts?receiver=ops',
        text: `*Alert:* MysqlLoginRefused - \`critical\`\n*Description:* ERROR 1130 (HY000): ${REFUSED}\n*Details:*\n • *instance:* \`10.0.0.9:9104\`\n`,
        mrkdwn_in: ['fallback', 'pretext', 'text'],
      },
    ],
  },
};

const grafana: Post = {
  name: 'Grafana: blocks within an attachment',
  user: 'jdoe',
  message: {
    text: '',
    attachments: [
      {
        id: 1,
        color: 'D63232',
        fallback: '[no preview available]',
        blocks: [
          { type: 'header', text: plain(':fire: [FIRING:1] Failed logins') },
          section(
            `*Value:* A=12\n*Labels:*\n - alertname = Failed logins\n*Annotations:*\n - summary = ${DENIED}`,
          ),
          { type: 'actions', elements: [{ type: 'button', text: plain('Silence'), value: 'x' }] },
          { type: 'context', elements: [mrkdwn('Grafana v11.2.0')] },
        ],
      },
    ],
  },
};

const datadog: Post = {
  name: 'Datadog: title, text and fields, repeated in the fallback',
  user: null,
  message: {
    text: '',
    attachments: [
      {
        id: 1,
        color: 'danger',
        fallback: `Triggered: MySQL refuses clients on host:db1 ${BLOCKED} - @slack-ops`,
        title: 'Triggered: MySQL refuses clients on host:db1',
        title_link: 'https://app.datadoghq.example/event/event?id=1',
        text: `${BLOCKED}\n@slack-ops`,
        fields: [
          { title: 'Notified', value: '@slack-ops', short: true },
          { title: 'Tags', value: 'host:db1, service:mysql', short: true },
        ],
        footer: 'Datadog',
      },
    ],
  },
};

const pagerDuty: Post = {
  name: 'PagerDuty: sections and fields, and a fallback text that is cut off',
  user: null,
  message: {
    text: `Triggered #4711: Host '${CLIENT}' is not allow…`,
    blocks: [
      section('*Triggered* <https://example.pagerduty.com/incidents/Q1|#4711>'),
      {
        type: 'section',
        fields: [mrkdwn('*Service:*\nmysql-main'), mrkdwn(`*Summary:*\n${REFUSED}`)],
      },
      { type: 'divider' },
      { type: 'actions', elements: [{ type: 'button', text: plain('Acknowledge') }] },
    ],
  },
};

const zabbix: Post = {
  name: 'Zabbix: fields alone',
  user: null,
  message: {
    text: '',
    attachments: [
      {
        id: 1,
        color: 'E97659',
        fallback: 'Problem: MySQL error log',
        title: 'Problem: MySQL error log',
        fields: [
          { title: 'Host', value: 'db1 [db1.example.com]', short: true },
          { title: 'Event time', value: '2026.11.29 03:12:44', short: true },
          { title: 'Severity', value: 'High', short: true },
          { title: 'Opdata', value: `1130 ${REFUSED}`, short: false },
        ],
      },
    ],
  },
};

const nagios: Post = {
  name: 'Nagios: one line of text, with an escaped link',
  user: null,
  message: {
    text: `*PROBLEM* &lt;db1&gt; <http://nagios.example.com/cgi-bin/status.cgi?host=db1|db1>/MySQL is *CRITICAL*: ${REFUSED}`,
  },
};

const sentry: Post = {
  name: 'Sentry: rich text in blocks, under the text that stands for it',
  user: 'jdoe',
  message: {
    text: '[web] OperationalError',
    blocks: [
      section(':red_circle: <https://sentry.example/issues/1/|*OperationalError*>'),
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_preformatted',
            border: 0,
            elements: [{ type: 'text', text: `(1045, "${DENIED}")` }],
          },
        ],
      },
      { type: 'context', elements: [mrkdwn('Project: <https://sentry.example/web|web>')] },
    ],
  },
};

const cloudWatch: Post = {
  name: 'CloudWatch by way of a chat bot: blocks in Markdown and a table',
  user: null,
  message: {
    text: "This content can't be displayed.",
    blocks: [
      { type: 'markdown', text: '**CloudWatch Alarm** | eu-central-1 | ALARM' },
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'time' },
            { type: 'raw_text', text: 'message' },
          ],
          [
            { type: 'raw_text', text: '2026-11-29T03:12:44Z' },
            { type: 'raw_text', text: `[Warning] ${BLOCKED}` },
          ],
        ],
      },
    ],
  },
};

const opsgenie: Post = {
  name: 'Opsgenie: a pretext and fields',
  user: 'jdoe',
  message: {
    text: '',
    attachments: [
      {
        id: 1,
        fallback: 'New alert: "login failed"',
        pretext: 'New alert: <https://example.app.opsgenie.com/alert/detail/1|#17> "login failed"',
        fields: [
          { title: 'Priority', value: 'P2', short: true },
          { title: 'Description', value: `SQLSTATE[HY000] [1045] ${DENIED}`, short: false },
        ],
      },
    ],
  },
};

const snippet: Post = {
  name: 'a snippet of a log',
  user: null,
  message: {
    text: 'anyone seen this?',
    files: [
      {
        id: 'F0LOG',
        name: 'app.log',
        title: 'app.log',
        content: Buffer.from(
          `03:12:43 web1 starting\n03:12:44 web1 ERROR 1130 (HY000): ${REFUSED}\n${'03:12:45 web1 retry\n'.repeat(40)}`,
        ),
        uploadedAt: new Date('2026-11-29T03:13:00Z'),
      },
    ],
  },
};

const codeBlock: Post = {
  name: 'a person’s code block in rich text, with the same text beside it',
  user: null,
  message: {
    text: `since 5 minutes on <http://web1.example.com|web1.example.com>:\n\`\`\`ERROR 1130 (HY000): ${REFUSED}\`\`\`\n• restarted it\n• no luck`,
    blocks: [
      {
        type: 'rich_text',
        block_id: 'kC4',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'since 5 minutes on ' },
              { type: 'link', url: 'http://web1.example.com', text: 'web1.example.com' },
              { type: 'text', text: ':\n' },
            ],
          },
          {
            type: 'rich_text_preformatted',
            border: 0,
            elements: [{ type: 'text', text: `ERROR 1130 (HY000): ${REFUSED}` }],
          },
          {
            type: 'rich_text_list',
            style: 'bullet',
            indent: 0,
            elements: ['restarted it', 'no luck'].map((text) => ({
              type: 'rich_text_section',
              elements: [{ type: 'text', text }],
            })),
          },
        ],
      },
    ],
  },
};

const shared: Post = {
  name: 'a message that somebody shared from another channel',
  user: null,
  message: {
    text: 'ours?',
    attachments: [
      {
        id: 1,
        is_msg_unfurl: true,
        is_share: true,
        fallback: `[November 29th, 2026 3:12 AM] bob: ${REFUSED}`,
        text: REFUSED,
        message_blocks: [
          {
            team: 'T0SANDBOX',
            channel: 'C0OTHER',
            ts: '1795922000.000100',
            message: { blocks: [section(REFUSED)] },
          },
        ],
        footer: 'Posted in #other',
      },
    ],
  },
};

export const POSTS: readonly Post[] = [
  ...[alertmanager, grafana, datadog, pagerDuty, zabbix, nagios],
  ...[sentry, cloudWatch, opsgenie, snippet, codeBlock, shared],
];
