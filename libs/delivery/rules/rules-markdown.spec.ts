import { rules } from './registry';
import { rulesMarkdown } from './rules-markdown';

describe('rulesMarkdown', () => {
  const page = rulesMarkdown(rules);

  it('lists every rule and links to its details', () => {
    for (const { code, reason } of rules) {
      expect(page).toContain(`| [\`${code}\`](#${code.replaceAll('.', '')}) |`);
      expect(page).toContain(`\n## ${code}\n`);
      expect(page).toContain(`- Why: ${reason}`);
    }
  });

  it('lists the profiles in which a rule is less severe', () => {
    expect(page).toContain('(§4.2; reject, note in profile `cycle-3-5`, note in profile `cycle-6+`)');
  });

  it('has four cells in every row of the table', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
    expect(rows).toHaveLength(rules.length + 2);
  });
});
