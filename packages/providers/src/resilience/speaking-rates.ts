/** How fast each engine has spoken so far: what tells how far a sentence had come when its voice broke off. */

/** Weight of the latest sentence: a rate settles within a few. */
const newestShare = 0.3;
/** A sentence of a few letters tells little. */
const fewestMsPerCharacter = 20;
const mostMsPerCharacter = 250;

export class SpeakingRates {
  readonly #msPerCharacter = new Map<string, number>();

  /** Ms for a character at this speed (1 is normal); undefined while the engine has said nothing. */
  of(engine: string, speed: number): number | undefined {
    const known = this.#msPerCharacter.get(engine);
    return known === undefined ? undefined : known / speed;
  }

  /** A whole sentence took so long, ms for a character at this speed. */
  learn(engine: string, speed: number, msPerCharacter: number): void {
    const atNormal = msPerCharacter * speed;
    if (atNormal < fewestMsPerCharacter || atNormal > mostMsPerCharacter) return;
    const known = this.#msPerCharacter.get(engine) ?? atNormal;
    this.#msPerCharacter.set(engine, known + (atNormal - known) * newestShare);
  }
}
