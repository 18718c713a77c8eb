import { fileProblem, type Problem, problemSentence } from './problems.js';

/** A file is wrong. The message lists each problem on a line of its own, with file, line, key and what was expected. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly file: string;
  readonly problems: readonly Problem[];

  /** A sentence is about the file as a whole. */
  constructor(file: string, problems: readonly (Problem | string)[]) {
    const all = problems.map((problem) => (typeof problem === 'string' ? fileProblem(problem) : problem));
    super(all.map((problem) => `${file}: ${problemSentence(problem)}`).join('\n'));
    this.file = file;
    this.problems = all;
  }

  /**
   * File, lines and keys, for those who are not to know what the file says: a wrong value may be a password. What keeps it from
   * being read at all is said.
   */
  get places(): string {
    const places = this.problems.map(({ line, key, code, expected }) =>
      code === 'file' && line === null ? expected : [line === null ? [] : `line ${line}`, key || []].flat().join(': '),
    );
    return [this.file, [...new Set(places)].filter((place) => place !== '').join(', ')]
      .filter((part) => part !== '')
      .join(': ');
  }
}
