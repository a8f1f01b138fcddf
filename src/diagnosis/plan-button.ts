import type { Button } from '../chat/message.ts';
import { joinWords } from '../chat/words.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import type { Diagnosis } from './diagnose.ts';
import type { RuleId } from './rule.ts';

/** Offers to plan the other value of skip_name_resolve. A button is a command line, so no plan is made here. */

/** Findings for which that change is the usual advice. */
const ADVISED_FOR: readonly RuleId[] = ['name-resolution-off', 'cache-full', 'dns-failing'];

export function planButtons({ evidence, findings }: Diagnosis): readonly Button[] {
  const { server, settings } = evidence;
  const isAdvised = findings.some(({ rule }) => ADVISED_FOR.includes(rule));
  return isAdvised && settings.known ? [planButton(server, settings.value)] : [];
}

export function planButton(
  server: string,
  { skipNameResolve }: Pick<ServerSettings, 'skipNameResolve'>,
): Button {
  const value = skipNameResolve ? 'off' : 'on';
  return {
    label: `Plan skip_name_resolve ${value}`,
    line: `plan skip-name-resolve ${value} on ${joinWords([server])}`,
    says: `Say who would lose access to ${server} by skip_name_resolve ${value}`,
  };
}
