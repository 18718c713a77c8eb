import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PRIMITIVES } from '../model/index.js';
import { PrimitiveRunner } from './runner.js';
import { definitionOf, requestFor } from './testing.js';

const TEMPLATE = resolve(import.meta.dirname, '../../services/template/Makefile');

let stateDir: string;
let runner: PrimitiveRunner;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'srrd-template-'));
  runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
});

afterEach(async () => {
  await runner.stop();
  await rm(stateDir, { recursive: true, force: true });
});

test.each(PRIMITIVES)('the template has the target %s, which does nothing and says nothing', async (primitive) => {
  const outcome = await runner.run(requestFor(definitionOf(TEMPLATE), primitive));
  expect(outcome).toEqual({ result: 'succeeded', output: '' });
});
