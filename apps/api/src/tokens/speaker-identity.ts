/** The identity that the server gives a person: readable, unique, never one of an agent. */
import { seatNameKey } from '@sophy/db/seats';

/** Up to 32 characters `a-z 0-9 -` of a name; `guest` where nothing is left of it. */
export function identitySlug(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-+|-+$/g, '');
  if (slug === '') return 'guest';
  return slug.startsWith('agent') ? `guest-${slug}` : slug;
}

/** @param suffix Random text that makes it unique. */
export function speakerIdentity(name: string, suffix: string): string {
  return `${identitySlug(name)}-${suffix}`;
}

/** Whether a name could pass for an agent's identity. */
export function isAgentName(name: string): boolean {
  return seatNameKey(name).startsWith('agent-');
}
