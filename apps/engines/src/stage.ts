/** One stage of the engines: what it loads, whether it can serve, and who may use it now. */
import { EngineError } from './engine-error.ts';
import { PlaceQueue } from './place-queue.ts';

/** Requests that may wait for each place; more would wait longer than a conversation can. */
const waitingPerPlace = 8;

type StageState<Engine> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly engine: Engine; readonly note: string }
  | { readonly status: 'failed'; readonly reason: string };

export class Stage<Engine> {
  readonly name: 'stt' | 'tts' | 'llm';
  readonly queue: PlaceQueue;
  private model = 'none';
  private state: StageState<Engine> = { status: 'loading' };

  constructor(name: 'stt' | 'tts' | 'llm', places: number) {
    this.name = name;
    this.queue = new PlaceQueue({ stage: name, places, maxWaiting: places * waitingPerPlace });
  }

  /** Says which model the stage is about, while it loads too. */
  announce(model: string): void {
    this.model = model;
  }

  becomeReady(engine: Engine, note: string): void {
    this.state = { status: 'ready', engine, note };
  }

  fail(reason: string): void {
    this.state = { status: 'failed', reason };
  }

  get modelName(): string {
    return this.model;
  }

  get loaded(): Engine | undefined {
    return this.state.status === 'ready' ? this.state.engine : undefined;
  }

  /** Throws `EngineError` not_ready with the reason. */
  require(): Engine {
    if (this.state.status === 'ready') return this.state.engine;
    throw new EngineError(
      'not_ready',
      `The local ${this.name} engine is not ready: ${this.describe().message}`,
      {
        ...(this.state.status === 'loading' ? { retryAfterSeconds: 2 } : {}),
      },
    );
  }

  describe(): { ready: boolean; model: string; message: string } {
    switch (this.state.status) {
      case 'loading':
        return { ready: false, model: this.model, message: 'The model is being loaded.' };
      case 'ready':
        return { ready: true, model: this.model, message: this.state.note };
      case 'failed':
        return { ready: false, model: this.model, message: this.state.reason };
      default:
        return this.state satisfies never;
    }
  }
}
