/** What a call has said and the database does not hold yet. Bounded: when it is full, diagnostics go before words. */
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { JournalEntry } from '@sophy/db/journal';
import type { SaidMessage } from '@sophy/db/record-messages';

/** Hours of a talkative call. */
const mostBytes = 10_000_000;

/** What tells how a call went, not what was said in it. */
const diagnostics: ReadonlySet<JournalEvent['type']> = new Set([
  'timing',
  'engine-error',
  'settings-applied',
  'reply-heard',
  'reply-text',
  'decision',
]);

type Kept<T> = { readonly value: T; readonly bytes: number };

export class JournalBacklog {
  #entries: Kept<JournalEntry>[] = [];
  readonly #messages = new Map<string, Kept<SaidMessage>>();
  readonly #mostBytes: number;
  #bytes = 0;
  #hasDropped = false;
  #untoldDropped = 0;

  constructor(options: { readonly mostBytes?: number } = {}) {
    this.#mostBytes = options.mostBytes ?? mostBytes;
  }

  get size(): number {
    return this.#entries.length + this.#messages.size;
  }

  /** Something was dropped, ever, because there was no room: the database does not get it from here. */
  get hasDropped(): boolean {
    return this.#hasDropped;
  }

  /** How many were dropped since this was last asked. */
  takeDropped(): number {
    const dropped = this.#untoldDropped;
    this.#untoldDropped = 0;
    return dropped;
  }

  /** All of it, entries first. */
  *values(): Generator<{ readonly entry: JournalEntry } | { readonly message: SaidMessage }> {
    for (const { value } of this.#entries) yield { entry: value };
    for (const { value } of this.#messages.values()) yield { message: value };
  }

  addEntry(value: JournalEntry, bytes: number): void {
    this.#entries.push({ value, bytes });
    this.#bytes += bytes;
    this.#bound();
  }

  /** Takes the place of an earlier one of the same item. */
  addMessage(value: SaidMessage, bytes: number): void {
    this.#bytes += bytes - (this.#messages.get(value.itemId)?.bytes ?? 0);
    this.#messages.set(value.itemId, { value, bytes });
    this.#bound();
  }

  firstEntries(limit: number): readonly JournalEntry[] {
    return this.#entries.slice(0, limit).map(({ value }) => value);
  }

  firstMessages(limit: number): readonly SaidMessage[] {
    return [...this.#messages.values()].slice(0, limit).map(({ value }) => value);
  }

  storedEntries(entries: readonly JournalEntry[]): void {
    const stored = new Set(entries.map(({ seq }) => seq));
    this.#entries = this.#entries.filter(({ value, bytes }) => {
      if (!stored.has(value.seq)) return true;
      this.#bytes -= bytes;
      return false;
    });
  }

  /** Those that were not replaced meanwhile. */
  storedMessages(messages: readonly SaidMessage[]): void {
    for (const message of messages) {
      const kept = this.#messages.get(message.itemId);
      if (kept?.value !== message) continue;
      this.#messages.delete(message.itemId);
      this.#bytes -= kept.bytes;
    }
  }

  clear(): void {
    this.#entries = [];
    this.#messages.clear();
    this.#bytes = 0;
  }

  #bound(): void {
    while (this.#bytes > this.#mostBytes && this.#entries.length > 0) {
      const diagnostic = this.#entries.findIndex(({ value }) => diagnostics.has(value.event.type));
      const [dropped] = this.#entries.splice(Math.max(0, diagnostic), 1);
      this.#countDropped(dropped?.bytes ?? 0);
    }
    for (const [itemId, { bytes }] of this.#messages) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#messages.delete(itemId);
      this.#countDropped(bytes);
    }
  }

  #countDropped(bytes: number): void {
    this.#bytes -= bytes;
    this.#hasDropped = true;
    this.#untoldDropped += 1;
  }
}
