/** A parsed file and where its keys are, for messages. */
export interface YamlSource {
  /** Plain values: objects, arrays, strings, numbers, booleans, null. An empty file is an empty object. */
  readonly value: unknown;
  /** The line of the innermost key of the path that the file has, counted from 1. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}
