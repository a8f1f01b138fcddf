// Who plays which part in an attack.
import type { Scene } from './scene.ts';

/** Everybody who may not approve this request. */
export function outsider({ stage: { people }, random }: Scene): string {
  const { alice, dave, gus, sam, bert, del } = people;
  return random.pick([
    ...([alice, alice, alice, dave, gus, sam, bert, del] as const),
    ...['U0NOBODY', 'U0HOSTCACHE', 'USLACKBOT', 'u0bob', 'U0BOB ', 'U0BOB\u200b', 'U0BOB,U0CAROL'],
    ...['S0DBAS', 'W0BOB', '', '*', '__proto__', `U0BOB' OR '1'='1`, '<@U0BOB>'],
  ]);
}

export function approver({ stage: { people }, random }: Scene): string {
  return random.pick([people.bob, people.carol]);
}

export function anybody(scene: Scene): string {
  return scene.random.chance(0.5) ? outsider(scene) : approver(scene);
}
