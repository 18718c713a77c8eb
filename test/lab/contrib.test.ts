import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { run } from './command.js';

const contrib = join(CHECKOUT, 'contrib');

const metrics = readFileSync(join(CHECKOUT, 'docs', 'metrics.md'), 'utf8');

describe('what is in contrib/', () => {
  it('has rules for Prometheus that promtool takes, and that say what their tests expect', async () => {
    await run(['promtool', 'check', 'rules', join(contrib, 'prometheus/srrd.rules.yml')]);
    await run(['promtool', 'test', 'rules', join(contrib, 'prometheus/srrd.rules.test.yml')]);
  });

  it('asks for no metric that docs/metrics.md does not know', () => {
    for (const file of ['prometheus/srrd.rules.yml', 'grafana/srrd.json']) {
      const names = readFileSync(join(contrib, file), 'utf8').match(/\bsrrd_[a-z_]+/g) ?? [];
      expect(names.length).toBeGreaterThan(10);
      for (const name of names) expect(metrics).toContain(`\`${name.replace(/_bucket$/, '')}\``);
    }
  });

  it('has a MIB that snmptranslate reads, with the numbers that srrd sends', async () => {
    const translated = async (name: string) => {
      const mibs = ['-M', `+${join(contrib, 'snmp')}`, '-m', 'SRRD-MIB'];
      return (await run(['snmptranslate', ...mibs, '-On', `SRRD-MIB::${name}`])).stdout.trim();
    };
    const srrd = '.1.3.6.1.4.1.8072.9999.9999.222';
    expect(await translated('srrdEvent')).toBe(`${srrd}.0.1`);
    const objects = [
      'Cluster',
      'Reporter',
      'Severity',
      'Kind',
      'Node',
      'Service',
      'From',
      'To',
      'Operator',
      'Text',
      'Time',
    ];
    for (const [index, object] of objects.entries())
      expect(await translated(`srrd${object}`)).toBe(`${srrd}.1.${index + 1}`);
  });
});
