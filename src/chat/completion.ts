import { find, type Menu, offered } from './choose.ts';
import type { HelpParts } from './help.ts';
import { optionsOf } from './options.ts';
import { type Reply, refuse } from './reply.ts';
import { type Request, type Subcommand, usageOn } from './subcommand.ts';
import { nearest, shorten } from './words.ts';

/** `completion`: the script by which a shell completes `hostcache …`, and the words that it then asks for. */

/** Stands among the candidates for the names of files. */
export const FILES = ':files';

/** What the scripts type to ask for the words; no person does. */
const WORDS = 'words';

const BASH = `# Completion of hostcache for bash: source <(hostcache completion bash)
_hostcache() {
  local IFS=$'\\n' current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=($("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [ "\${COMPREPLY[0]}" = ':files' ]; then
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -F _hostcache hostcache
`;

const ZSH = `#compdef hostcache
# Completion of hostcache for zsh: source <(hostcache completion zsh)
_hostcache() {
  local -a found
  found=("\${(@f)$("$words[1]" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $found[1] == ':files' ]]; then _files; else compadd -- $found; fi
}
compdef _hostcache hostcache
`;

const FISH = `# Completion of hostcache for fish: hostcache completion fish | source
function __hostcache_words
  set -l typed (commandline -opc)
  set -l current (commandline -ct)
  set -l found ($typed[1] completion words -- $typed[2..-1] "$current" 2>/dev/null)
  if test "$found[1]" = ':files'
    __fish_complete_path "$current"
  else
    string join \\n -- $found
  end
end
complete -c hostcache -f -a '(__hostcache_words)'
`;

const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
const SHELLS = Object.keys(SCRIPTS);

export const completionCommand: Subcommand<HelpParts> = {
  name: 'completion',
  usage: `completion ${SHELLS.join('|')}`,
  summary: 'Prints a script by which your shell completes what you type.',
  example: 'completion bash',
  surfaces: ['terminal'],
  needs: [],
  isVerbatim: true,
  run: complete,
};

async function complete(
  { words: [shell = '', ...typed] }: Request,
  { subcommands, examples }: HelpParts,
): Promise<Reply> {
  if (shell === WORDS) {
    const { servers } = await examples();
    const menu = { subcommands, surface: 'terminal' } as const;
    return verbatim(
      candidates(typed, menu, servers)
        .map((word) => `${word}\n`)
        .join(''),
    );
  }
  const script = SCRIPTS[shell];
  if (script !== undefined && typed.length === 0) return verbatim(script);
  const got = shorten([shell, ...typed].join(' '));
  return refuse(`Expected ${SHELLS.join(', ')}, got "${got}".`, 2, {
    word: shell,
    instead: nearest(shell, SHELLS),
  });
}

function verbatim(text: string): Reply {
  return { messages: [], rows: [], exit: 0, isPublic: false, verbatim: text };
}

/** What the last of the words, which may be empty, can become. */
export function candidates(
  typed: readonly string[],
  menu: Menu,
  servers: readonly string[],
): readonly string[] {
  // bash makes three words of `--color=never`.
  const words = typed.flatMap((word) => (word === '=' ? [] : word.split(/(?<=^--[a-z-]+)=/)));
  const last = words.at(-1) ?? '';
  const before = typed.at(-1) === '=' ? words : words.slice(0, -1);
  const start = typed.at(-1) === '=' ? '' : last;
  const all = wordsAfter(before, start, menu, servers);
  if (all.includes(FILES)) return [FILES];
  // Other shells expect the whole word.
  const option = /^--[a-z-]+=/.exec(typed.at(-1) ?? '')?.[0] ?? '';
  const found = all.filter((word) => word.startsWith(start)).sort();
  return found.map((word) => `${option}${word}`);
}

function wordsAfter(
  before: readonly string[],
  start: string,
  menu: Menu,
  servers: readonly string[],
): readonly string[] {
  const [first] = before.filter((word) => !word.startsWith('-'));
  const subcommand = first === undefined ? undefined : find(first, menu);
  const names = offered(menu).map(({ name }) => name);
  const options = (subcommand === undefined ? [] : optionsOf(subcommand)).map((option) => ({
    ...option,
    word: `--${option.name}`,
  }));
  const last = before.at(-1);
  const valued = options.find(({ word, value }) => word === last && value !== undefined);
  if (valued?.value === '<file>') return [FILES];
  if (valued?.value === '<server>' || last === 'on') return [...servers, 'all'];
  if (valued !== undefined)
    return valued.value?.startsWith('<') ? [] : (valued.value ?? '').split('|');
  if (start.startsWith('-')) return [...options.map(({ word }) => word), '--help', '--version'];
  if (subcommand === undefined) return first === undefined ? [...names, 'version'] : [];
  if (subcommand.name === 'help') return names;
  return [...literalsOf(subcommand), ...(subcommand.completes ?? [])];
}

/** The words of a usage that are typed as they are: `as`, `on`. */
function literalsOf(subcommand: Subcommand): readonly string[] {
  const literals =
    usageOn(subcommand, 'terminal')
      .replace(/<[^>]*>/g, ' ')
      .match(/[a-z][a-z-]+/g) ?? [];
  return [...new Set(literals)].filter((word) => word !== subcommand.name);
}
