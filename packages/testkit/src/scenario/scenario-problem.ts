/** What is wrong with a scenario file, where, and what is expected there. */
export class ScenarioProblem extends Error {
  override readonly name = 'ScenarioProblem';
  readonly file: string;
  readonly line: number;

  /** @param line counted from 1. */
  constructor(file: string, line: number, message: string) {
    super(`${file}:${line}: ${message}`);
    this.file = file;
    this.line = line;
  }
}
