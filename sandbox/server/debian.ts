/** Unpacks Debian packages into the cache, without root and without changes to the system. Does I/O. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { cached, type Progress } from './cache.ts';
import type { Suite } from './releases.ts';
import { run } from './run.ts';

export interface Unpacked {
  readonly root: string;
  /** The command that runs the unpacked program with its unpacked loader and libraries. */
  command(path: string): readonly string[];
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Unpacks the package and its dependencies. Rejects with `instead` in the message if the system is not Debian. */
export async function unpack(options: {
  readonly package: string;
  readonly suite: Suite;
  readonly instead: string;
  readonly progress: Progress;
}): Promise<Unpacked> {
  const root = await cached(`${options.package}-${options.suite}`, async (folder) => {
    const codename = await debianCodename();
    if (codename === null)
      throw new Error(`The sandbox can fetch packages only on Debian. ${options.instead}`);
    const suite = options.suite === 'own' ? codename : options.suite;
    options.progress(`Unpacking ${options.package} from Debian ${suite}, once.`);
    await fetchAndUnpack({ package: options.package, suite, codename, folder });
  });
  const libraries = await libraryFolders(root);
  const loader = await findLoader(libraries);
  return {
    root,
    command: (path) => [
      loader,
      '--inhibit-cache',
      '--library-path',
      libraries.join(':'),
      join(root, path),
    ],
  };
}

/** This machine's suite; null = it is not Debian, or lacks the keys that Debian's packages are checked with. */
export async function debianCodename(): Promise<string | null> {
  const release = existsSync('/etc/os-release') ? await readFile('/etc/os-release', 'utf8') : '';
  if (!/^ID="?debian"?$/m.test(release) || !existsSync(KEYRING)) return null;
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(release)?.[1] ?? 'sid';
}

async function fetchAndUnpack(order: {
  readonly package: string;
  readonly suite: string;
  readonly codename: string;
  readonly folder: string;
}): Promise<void> {
  const apt = join(order.folder, '.apt');
  const env = { APT_CONFIG: await writeAptConfig(apt) };
  await updateFromAnyMirror({ apt, env, suite: order.suite, codename: order.codename });
  const args = ['--quiet', '--yes', '--download-only', 'install', order.package];
  await run({ program: 'apt-get', args, env });
  // Two packages at a time, for two cores. `$0` is the folder with the packages, `$1` the target.
  const script = 'ls "$0"/*.deb | xargs -P 2 -I {} dpkg -x {} "$1"';
  await run({ program: 'sh', args: ['-ec', script, join(apt, 'archives'), order.folder] });
  await rm(apt, { recursive: true });
}

/** Writes apt settings: all folders are ours, only the Acquire settings (proxies) are the machine's. Returns the path. */
async function writeAptConfig(apt: string): Promise<string> {
  await mkdir(join(apt, 'lists/partial'), { recursive: true });
  await mkdir(join(apt, 'archives/partial'), { recursive: true });
  await writeFile(join(apt, 'status'), '');
  const format = ['dump', '--format', '%F "%v";%n', 'Acquire'];
  const settings = [
    await run({ program: 'apt-config', args: format }),
    `Dir "/";`,
    // Without the machine's hooks: docker-clean would empty the machine's apt folders.
    `Dir::Etc { Main "/dev/null"; Parts "/dev/null"; Preferences "/dev/null"; PreferencesParts "/dev/null";`,
    ` SourceList "${apt}/sources.list"; SourceParts "/dev/null"; };`,
    `Dir::State "${apt}"; Dir::State::Lists "${apt}/lists"; Dir::State::status "${apt}/status";`,
    `Dir::Cache "${apt}"; Dir::Cache::Archives "${apt}/archives"; Dir::Log "${apt}";`,
    // As root, apt fetches as the user _apt, which cannot enter our folder.
    ...(getuid?.() === 0 ? ['APT::Sandbox::User "root";'] : []),
    'APT::Install-Recommends "false"; Acquire::Languages "none"; Acquire::PDiffs "false";',
  ];
  const path = join(apt, 'apt.conf');
  await writeFile(path, `${settings.join('\n')}\n`, { mode: 0o600 });
  return path;
}

async function updateFromAnyMirror(order: {
  readonly apt: string;
  readonly env: Readonly<Record<string, string>>;
  readonly suite: string;
  readonly codename: string;
}): Promise<void> {
  const mirrors = await debianMirrors(order.codename);
  if (mirrors.length === 0) throw new Error("This machine's apt sources have no Debian mirror.");
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const line = `deb [signed-by=${KEYRING}] ${mirror} ${order.suite} main\n`;
    await writeFile(join(order.apt, 'sources.list'), line);
    try {
      // By default apt only warns if it cannot reach a mirror.
      const args = ['--quiet', '-o', 'APT::Update::Error-Mode=any', 'update'];
      await run({ program: 'apt-get', args, env: order.env });
      return;
    } catch (error) {
      // Another repository may use Debian's suite names; only Debian's is signed by its keyring.
      failures.push(`${mirror}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const tried = failures.join('\n');
  throw new Error(`No mirror in this machine's apt sources has Debian ${order.suite}:\n${tried}`);
}

/** URLs of the machine's Debian mirrors. apt reads them, as sources have two file formats. */
async function debianMirrors(codename: string): Promise<readonly string[]> {
  const format = ['--format', '$(RELEASE) $(COMPONENT) $(REPO_URI)', 'Created-By: Packages'];
  const args = ['indextargets', '--no-release-info', ...format];
  const targets = (await run({ program: 'apt-get', args })).split('\n').map((l) => l.split(' '));
  const suites = [codename, 'stable', 'oldstable', 'testing', 'unstable', 'sid'];
  const wanted = targets.filter(([s, part]) => part === 'main' && suites.includes(s ?? ''));
  return [...new Set(wanted.flatMap(([, , uri]) => (uri === undefined ? [] : [uri])))];
}

async function libraryFolders(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const lib of ['usr/lib', 'lib']) {
    if (!existsSync(join(root, lib))) continue;
    const names = (await readdir(join(root, lib))).filter((name) => name.includes('-linux-gnu'));
    found.push(...names.map((name) => join(root, lib, name)));
  }
  return found;
}

async function findLoader(libraries: readonly string[]): Promise<string> {
  for (const folder of libraries) {
    const name = (await readdir(folder)).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
    if (name !== undefined) return join(folder, name);
  }
  throw new Error(`No loader (ld-linux*.so) among ${libraries.join(', ')}`);
}
