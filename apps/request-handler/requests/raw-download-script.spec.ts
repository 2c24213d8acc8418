import { execFileSync } from 'node:child_process';
import { rawRequestStatusSchema } from '@almagest/contracts';
import { rawDownloadScript } from './raw-download-script';

describe('rawDownloadScript', () => {
  const asdm = {
    uid: 'uid://A002/X1/Xb1',
    use: 'used',
    fileName: 'b1.tar',
    unpacksTo: 'x',
    size: 5,
    state: 'staged',
    bytesDone: 5,
    sha256: 'ab'.repeat(32),
    error: null,
    url: '/raw-requests/1/files/b1.tar',
  };
  const status = rawRequestStatusSchema.parse({
    id: '5f0c0000-0000-4000-8000-000000000000',
    project: '2013.1.09999.S',
    ous: 'uid://A001/X1/Xa3',
    state: 'failed',
    totalSize: 10,
    bytesDone: 5,
    requestedAt: '2026-11-24T00:00:00Z',
    settledAt: null,
    expiresAt: null,
    script: null,
    url: '/raw-requests/5f0c0000-0000-4000-8000-000000000000',
    asdms: [asdm, { ...asdm, uid: 'uid://A002/X1/Xb2', fileName: 'b2.tar', state: 'failed', url: null, sha256: null }],
  });

  it('fetches only what is staged', () => {
    const calls = rawDownloadScript(status, 'https://almagest.example', null).match(/^fetch .*$/gm);
    expect(calls).toEqual([
      `fetch 'b1.tar' '5' '${'ab'.repeat(32)}' 'https://almagest.example/raw-requests/1/files/b1.tar'`,
    ]);
  });

  it('is a script that a POSIX shell can read', () => {
    expect(() =>
      execFileSync('sh', ['-n'], { input: rawDownloadScript(status, `http://x/'$(touch x)'`, `$(touch x)'`) }),
    ).not.toThrow();
  });
});
