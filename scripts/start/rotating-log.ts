/** A log file with a limit: when it is full it becomes `<name>.log.1`, and the oldest one goes. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const defaultMaximumBytes = 10 * 1024 * 1024;
const keptFiles = 3;

/** Owns one open file. Writes are synchronous, so that the last words of a crash are in it. */
export class RotatingLog {
  readonly file: string;
  readonly #maximumBytes: number;
  #descriptor: number;
  #bytes: number;

  constructor(file: string, maximumBytes = defaultMaximumBytes) {
    this.file = file;
    this.#maximumBytes = maximumBytes;
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  writeLine(line: string): void {
    const data = Buffer.from(`${line}\n`, 'utf8');
    if (this.#bytes > 0 && this.#bytes + data.length > this.#maximumBytes) this.#rotate();
    writeSync(this.#descriptor, data);
    this.#bytes += data.length;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    for (let number = keptFiles - 1; number >= 1; number -= 1) {
      const from = number === 1 ? this.file : `${this.file}.${number - 1}`;
      renameIfThere(from, `${this.file}.${number}`);
    }
    this.#descriptor = openSync(this.file, 'a', 0o600);
    this.#bytes = 0;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
