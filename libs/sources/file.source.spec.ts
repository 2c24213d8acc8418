import { mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceConformance } from './testing/source.conformance';
import { checkOpened, pathInside } from './file.source';
import { Sources } from './sources';

sourceConformance('a directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'almagest-sources-'));
  const inside = join(directory, 'inside');
  await mkdir(inside);
  await writeFile(join(directory, 'outside'), '.');
  const sources = new Sources({ roots: [inside], hosts: [], s3: null, ngas: [] });
  return {
    put: async (name, bytes) => {
      await writeFile(join(inside, name), bytes);
      return pathToFileURL(join(inside, name)).href;
    },
    forbidden: pathToFileURL(join(directory, 'outside')).href,
    missing: pathToFileURL(join(inside, 'missing')).href,
    at: (location, size) => sources.at(location, size),
    stop: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('a source root', () => {
  let directory: string;
  let root: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almagest-roots-'));
    root = join(directory, 'root');
    await mkdir(join(root, 'folder'), { recursive: true });
    await mkdir(join(directory, 'outside'));
    await writeFile(join(root, 'folder', 'part.tar'), 'inside');
    await writeFile(join(directory, 'outside', 'part.tar'), 'outside');
    await symlink(join(directory, 'outside'), join(root, 'link'));
    await symlink(join(directory, 'outside', 'missing'), join(root, 'dangling'));
    await symlink(root, join(directory, 'way-in'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const answer = async (...path: string[]): Promise<string> => {
    const { href } = pathToFileURL(join(directory, ...path));
    return pathInside([root], href).catch((error: { code: string; message: string }) =>
      `${error.code} ${error.message}`.replace(href, 'it'),
    );
  };

  it.each([
    ['outside', ['outside', 'part.tar'], ['outside', 'missing.tar']],
    ['below a missing directory outside', ['outside', 'part.tar'], ['nothing', 'part.tar']],
    ['below a file outside', ['outside', 'part.tar'], ['outside', 'part.tar', 'x']],
    ['behind a link that leads out', ['root', 'link', 'part.tar'], ['root', 'link', 'missing.tar']],
  ])('gives the same answer for an existing and a missing path %s', async (_, existing, missing) => {
    const answers = [await answer(...existing), await answer(...missing)];
    expect(answers[0]).toMatch(/^source\.not-allowed /);
    expect(answers[1]).toBe(answers[0]);
  });

  it('refuses a link that leads out, even if its target is missing', async () => {
    expect(await answer('root', 'dangling')).toMatch(/^source\.not-allowed /);
  });

  it('accepts a path that leads in, and reports what is missing there', async () => {
    expect(await answer('way-in', 'folder', 'part.tar')).toBe(join(root, 'folder', 'part.tar'));
    expect(await answer('way-in', 'folder', 'missing')).toMatch(/^source\.not-found /);
    expect(await answer('root', 'folder', 'missing')).toMatch(/^source\.not-found /);
  });

  it('checks the file that was opened, not only its path', async () => {
    const path = await pathInside([root], pathToFileURL(join(root, 'folder', 'part.tar')).href);
    await rename(join(root, 'folder'), join(root, 'before'));
    await symlink(join(directory, 'outside'), join(root, 'folder'));
    const file = await open(path);
    await rm(join(root, 'folder'));
    await rename(join(root, 'before'), join(root, 'folder'));
    try {
      expect((await file.readFile()).toString()).toBe('outside');
      await expect(checkOpened(file, path, [root], 'file:///x')).rejects.toMatchObject({ code: 'source.not-allowed' });
    } finally {
      await file.close();
    }
  });
});
