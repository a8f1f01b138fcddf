import { type Block, code, type Message, type Spans, sentence, text } from './message.ts';
import { answer, isReply, type Reply, refuse } from './reply.ts';
import { type Caller, type Subcommand, type Surface, typed, usageOn } from './subcommand.ts';
import { joinWords, nearest } from './words.ts';

/** Chooses the subcommand for a line (a client alone means `why`), or suggests what was probably meant. */

export interface Choice {
  readonly subcommand: Subcommand;
  /** The words after the subcommand's name; all words if the line starts with a client. */
  readonly args: readonly string[];
}

/** What can be typed, and where. */
export interface Menu {
  /** Every subcommand, on every surface. */
  readonly subcommands: readonly Subcommand[];
  readonly surface: Surface;
}

/** A longer line is taken for a pasted error, not for a mistyped subcommand. */
const FEW_WORDS = 6;

/** Characters. A longer line is a pasted text and is not repeated in a suggestion. */
const LINE_SHOWN = 200;

export function choose(words: readonly string[], menu: Menu): Choice | Reply {
  const [first = 'help'] = words;
  const named = find(first, menu);
  if (named !== undefined) return { subcommand: named, args: words.slice(1) };
  const why = find('why', menu);
  const misspelt = refuseMisspelt(words, menu);
  if (why !== undefined && misspelt === null) return { subcommand: why, args: words };
  return misspelt ?? refuseUnknown(first, menu);
}

/** The subcommand that these words would run; null = none. */
export function chosen(words: readonly string[], menu: Menu): Subcommand | null {
  const choice = choose(words, menu);
  return isReply(choice) ? null : choice.subcommand;
}

export function offered({ subcommands, surface }: Menu): readonly Subcommand[] {
  return subcommands.filter(({ surfaces }) => surfaces.includes(surface));
}

export function find(word: string, menu: Menu): Subcommand | undefined {
  return offered(menu).find(({ name }) => name === word.toLowerCase());
}

export function surfaceOf(caller: Caller): Surface {
  return caller.kind === 'terminal' ? 'terminal' : 'slack';
}

/** The refusal of the topic in `help <topic>`, which names no subcommand here. */
export function refuseTopic(topic: string, menu: Menu): Reply {
  return refuseName(topic, (name) => ['help', name], menu) ?? refuseUnknown(topic, menu);
}

/**
 * The refusal of one mistyped word, with the corrected line; other replies are unchanged, and so is a
 * refusal whose correction would only repeat the line.
 */
export function withCorrection(reply: Reply, { subcommand, args }: Choice, menu: Menu): Reply {
  const [message] = reply.messages;
  const { word = '', instead = null } = reply.didYouMean ?? {};
  if (instead === null || instead === word || message === undefined) return reply;
  const says = text(message.headline);
  const corrected = args.map((each) => (each === word ? instead : each));
  const words = [subcommand.name, ...corrected];
  // A terminal option, or a word inside a pasted text, is not one of the line's words.
  if (!args.includes(word) || joinWords(words).length > LINE_SHOWN) {
    return answer(askWhether(says, instead), [], 2);
  }
  return suggest(says, words, menu);
}

/** A refusal with the line that was probably meant; in Slack, a button runs that line. */
function suggest(says: Spans, words: readonly string[], menu: Menu): Reply {
  const line = joinWords(words);
  if (line.length > LINE_SHOWN) return refuse(says);
  const { headline, blocks } = askWhether(says, typed(line, menu.surface));
  const subcommand = find(words[0] ?? '', menu);
  const mayClick = menu.surface === 'slack' && subcommand !== undefined && !subcommand.clickDecides;
  const buttons: readonly Block[] = mayClick
    ? [{ kind: 'buttons', buttons: [{ label: line, line, says: `Run ${line}` }] }]
    : [];
  return answer({ headline, blocks: [...blocks, ...buttons] }, [], 2);
}

function askWhether(says: Spans, instead: string): Message {
  return sentence(text(...says, ' Did you mean ', code(instead), '?'));
}

/** The refusal if the line is neither a client nor a pasted error; null = it may be one. */
function refuseMisspelt(words: readonly string[], menu: Menu): Reply | null {
  const [first = '', ...rest] = words;
  if (/[.:]/.test(first)) return null;
  const correct = (name: string) => (rest.length < FEW_WORDS ? [name, ...rest] : null);
  const refused = refuseName(first, correct, menu);
  if (refused !== null) return refused;
  // Every address and every error message contains a dot, a colon or a quote.
  const mayBeClient = words.some((word) => /[.:'"’‘“”]/.test(word));
  return mayBeClient ? null : refuseUnknown(first, menu);
}

/** null = the word is neither a name on another surface, nor a mistyped one that `correct` corrects. */
function refuseName(
  word: string,
  correct: (name: string) => readonly string[] | null,
  menu: Menu,
): Reply | null {
  const elsewhere = menu.subcommands.find(({ name }) => name === word.toLowerCase());
  if (elsewhere !== undefined) return refuseHere(elsewhere, menu.surface);
  const near = nearest(word, namesOf(menu));
  const corrected = near === null ? null : correct(near);
  if (corrected === null) return null;
  return suggest(text(code(word), ' is not a subcommand.'), corrected, menu);
}

function namesOf(menu: Menu): readonly string[] {
  return offered(menu).map(({ name }) => name);
}

function refuseHere(subcommand: Subcommand, surface: Surface): Reply {
  const there: Surface = surface === 'slack' ? 'terminal' : 'slack';
  const place = there === 'slack' ? 'Slack' : 'a terminal';
  const call = code(typed(usageOn(subcommand, there), there));
  return refuse(text(code(subcommand.name), ` works only in ${place}: `, call));
}

function refuseUnknown(word: string, menu: Menu): Reply {
  const names = namesOf(menu).join(', ');
  const says = ` is neither a client (an address, a host name with a dot) nor a subcommand: ${names}. See `;
  return refuse(text(code(word), says, code(typed('help', menu.surface)), '.'));
}
