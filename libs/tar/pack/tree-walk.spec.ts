import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTree, removeTree } from '../testing/temporary-tree';
import { unreadableError, walkTree } from './tree-walk';

const PROJECT = '2013.1.09999.S';

describe('walkTree', () => {
  let root: string;

  beforeEach(async () => {
    root = await makeTree({ [`${PROJECT}/a`]: '', [`${PROJECT}/b`]: '', [`${PROJECT}/d/c`]: '' });
  });

  afterEach(() => removeTree(root));

  it.each(['b', 'd'])('reports a changed tree when %s is deleted during the walk', async (name) => {
    const walk = walkTree(root, PROJECT);
    const first = (await walk.next()) as IteratorYieldResult<readonly { path: string }[]>;
    expect(first.value.map(({ path }) => path)).toEqual([PROJECT, `${PROJECT}/a`]);
    await rm(join(root, PROJECT, name), { recursive: true });
    const rest = (async () => {
      for await (const chain of walk) expect(chain.length).toBeGreaterThan(0);
    })();
    await expect(rest).rejects.toMatchObject({ code: 'tar.tree-changed', path: `${PROJECT}/${name}`, retryable: true });
  });
});

describe('unreadableError', () => {
  it.each([
    ['EACCES', false],
    ['ENOENT', false],
    ['EIO', true],
    ['EMFILE', true],
    ['ESTALE', true],
  ])('is retryable for %s: %s', (code, retryable) => {
    const cause = Object.assign(new Error('failed'), { code });
    const error = unreadableError('a', cause);
    expect(error).toMatchObject({ code: 'tar.tree-unreadable', retryable, cause });
    expect(error.found).toContain(code);
  });
});
