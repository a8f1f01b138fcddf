import { request } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answers,
  box,
  eventually,
  layCase,
  messages,
  openBrowser,
  SHOP,
  type Stage,
  type,
  type Window,
} from './browser.ts';

/** Names, accounts and messages with markup stay text, and other sites cannot use the page. */

let stage: Stage;
let window: Window;
let page: Page;

const ACCOUNT = '<img src=x onerror=alert(1)>';
const PTR = '<script>x</script><!channel>.example.com';
const BIDI = '\u202Egnp.exe';

const SAID = [
  '<script>alert(document.domain)</script>',
  '<!channel> <!here> <@U0BOB> @channel',
  '<javascript:alert(1)|press me> [press me](javascript:alert(1))',
  '<https://evil.example/x.png|pay here> ![x](https://evil.example/x.png)',
  '&lt;b&gt;bold&lt;/b&gt; &amp;amp;',
  `${BIDI} <iframe src=//evil.example>`,
  '*bold* `</code><script>alert(2)</script>`',
];

beforeAll(async () => {
  stage = await openBrowser();
  await stage.world.query(`CREATE USER '${ACCOUNT}'@'%.example.com' IDENTIFIED BY 'sandbox'`);
  await layCase(stage);
  stage.world.dns.host(SHOP.address, PTR);
  window = await stage.open();
  page = window.page;
});

afterAll(() => stage.stop());

/** Elements that only injected markup could create. */
async function planted(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const selector of [
    'script',
    'img',
    'iframe',
    'object',
    'style',
    '[onerror]',
    'a[href^="javascript" i]',
  ])
    counts[selector] = await page.locator(selector).count();
  return counts;
}

const CLEAN = {
  // The page has these itself.
  script: 1,
  img: 0,
  iframe: 0,
  object: 0,
  style: 0,
  '[onerror]': 0,
  'a[href^="javascript" i]': 0,
};

describe('what is hostile stays text', () => {
  it.each(SAID)('said by a person: %s', async (line) => {
    await type(page, line);
    const said = messages(page).filter({ hasText: 'Alice' }).last();
    const words = line.replaceAll(/[*`]/g, '');
    await eventually(() => said.locator('.rich').textContent(), words);
    expect(await said.locator('.mention, a, button.link').count()).toBe(0);
    expect(await planted()).toEqual(CLEAN);
  });

  it('in the name of an account', async () => {
    await type(page, `/hostcache why ${SHOP.address} as "${ACCOUNT}"`);
    await answers(page).last().getByText(ACCOUNT).first().waitFor();
    await type(page, '/hostcache accounts');
    await answers(page).nth(1).getByText(ACCOUNT).first().waitFor();
    expect(await planted()).toEqual(CLEAN);
  });

  it('in a name that DNS gives', async () => {
    await type(page, `/hostcache why ${SHOP.address} publicly`);
    const answer = messages(page).filter({ hasText: PTR }).last();
    await answer.waitFor();
    expect(await answer.locator('.mention').count()).toBe(0);
    expect(await planted()).toEqual(CLEAN);
  });

  it('in the reason of a flush, for all to see', async () => {
    await type(page, '/hostcache flush');
    await page.getByRole('dialog').getByRole('textbox').fill(SAID.slice(0, 4).join('\n'));
    await page.getByRole('dialog').getByRole('button', { name: 'Request flush' }).click();
    const card = messages(page).filter({ hasText: 'Approval needed' });
    await card.getByText('<script>alert(document.domain)</script>').waitFor();
    expect(await card.locator('a').count()).toBe(0);
    expect(stage.slack.workspace.broadcasts).toEqual([]);
    expect(await planted()).toEqual(CLEAN);
  });

  it('completes nothing that would be markup', async () => {
    await box(page).fill('/hostcache <b>');
    expect(await page.getByRole('listbox').count()).toBe(0);
  });

  it('asked nobody outside, and ran nothing', () => {
    expect(window.strangers).toEqual([]);
    expect(window.faults).toEqual([]);
  });
});

interface Knock {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const OWN = 'http://own';

const KNOCKS: readonly Knock[] = [
  { name: 'the page itself', method: 'GET', path: '/', headers: {}, status: 200 },
  {
    name: 'an act of its own',
    method: 'POST',
    path: '/act',
    headers: { origin: OWN, ...JSON_TYPE },
    status: 200,
  },
  {
    name: 'a name that was bent to this address',
    method: 'GET',
    path: '/events',
    headers: { host: 'evil.example' },
    status: 403,
  },
  {
    name: 'a foreign site',
    method: 'POST',
    path: '/act',
    headers: { origin: 'https://evil.example', ...JSON_TYPE },
    status: 403,
  },
  {
    name: 'a foreign port',
    method: 'POST',
    path: '/act',
    headers: { origin: 'http://127.0.0.1:1', ...JSON_TYPE },
    status: 403,
  },
  { name: 'nobody known', method: 'POST', path: '/act', headers: JSON_TYPE, status: 403 },
  {
    name: 'a form',
    method: 'POST',
    path: '/act',
    headers: { origin: OWN, 'content-type': 'text/plain' },
    status: 403,
  },
  {
    name: 'a foreign script',
    method: 'GET',
    path: '/events',
    headers: { 'sec-fetch-site': 'cross-site' },
    status: 403,
  },
  {
    name: 'a stranger',
    method: 'POST',
    path: '/act',
    headers: { origin: OWN, ...JSON_TYPE, 'x-as': 'U0NOBODY' },
    status: 400,
  },
  { name: 'what is not there', method: 'GET', path: '/etc/passwd', headers: {}, status: 404 },
];

describe('the door', () => {
  it.each(KNOCKS)('answers $name with $status', async (knock) => {
    const { status, policy } = await ask(knock);
    expect(status).toBe(knock.status);
    expect(policy).toContain("default-src 'none'");
  });
});

function ask({ method, path, headers }: Knock): Promise<{ status: number; policy: string }> {
  const { origin } = stage.slack;
  const { 'x-as': as = 'U0ALICE', ...given } = headers;
  const own = given['origin'] === OWN ? { ...given, origin } : given;
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, origin), { method, headers: own }, (response) => {
      response.resume();
      const policy = String(response.headers['content-security-policy']);
      resolve({ status: response.statusCode ?? 0, policy });
    });
    asked.once('error', reject);
    asked.end(method === 'POST' ? JSON.stringify({ kind: 'home', as }) : undefined);
  });
}
