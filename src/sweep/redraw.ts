// Shows on the messages of open alerts what silences them now, before the next sweep. Does I/O.
import { targetNamed } from '../chat/on-servers.ts';
import { editPost } from './messages.ts';
import type { SweepParts } from './parts.ts';
import { silencedBy, silenceOfAll } from './silence.ts';

export async function redrawSilenced(parts: SweepParts): Promise<void> {
  const { alerts, silences, targets, now, wake } = parts;
  const queuedAt = now();
  const active = await silences.active(queuedAt);
  for (const alert of await alerts.open()) {
    const target = targetNamed(alert.server, { targets });
    const silence = silenceOfAll(alert.rule, alert.hosts, silencedBy(active, alert.server));
    const isShown = silence?.id === alert.card.silence?.id;
    if (alert.state === 'pending' || target === undefined || isShown) continue;
    const after = { ...alert, card: { ...alert.card, silence } };
    // If a sweep saves the alert first, the next sweep shows the silence.
    const { channel, callout } = target;
    await alerts.save([after], [editPost(after, { channel, callout, queuedAt })]);
  }
  wake();
}
