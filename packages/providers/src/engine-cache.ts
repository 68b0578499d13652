/** Adapters by their configuration: warm between turns, new as soon as a setting changes. */

/** Enough for every room to have its own configuration for a while; old ones cost little. */
const maxEntries = 64;

export class EngineCache<Port> {
  readonly #ports = new Map<string, Port>();

  /** The adapter made earlier for an equal configuration, otherwise a new one. */
  get<Configuration>(configuration: Configuration, make: (configuration: Configuration) => Port): Port {
    const key = JSON.stringify(configuration);
    const known = this.#ports.get(key);
    if (known !== undefined) {
      this.#ports.delete(key);
      this.#ports.set(key, known);
      return known;
    }
    const port = make(configuration);
    this.#ports.set(key, port);
    const [oldest] = this.#ports.keys();
    if (this.#ports.size > maxEntries && oldest !== undefined) this.#ports.delete(oldest);
    return port;
  }
}
