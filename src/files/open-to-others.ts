/**
 * What is wrong with the mode of a file that holds a secret: others than its owner may read or change it. `harm`: what they can do
 * then. null: nobody but its owner may.
 */
export function openToOthers(file: string, mode: number, harm: string): string | null {
  if ((mode & 0o077) === 0) return null;
  const found = (mode & 0o7777).toString(8).padStart(4, '0');
  return `expected mode 0600, got ${found}: ${harm}; chmod 600 ${file}`;
}
