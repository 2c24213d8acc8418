/**
 * Returns the name of CASA's program: `casapy` up to CASA 4.2, as in the document (§5.1), and `casa` from 4.3 on.
 * @param version such as `4.2.2` or `4.7.0-1`; null when it is not known
 */
export function casaProgram(version: string | null): 'casa' | 'casapy' {
  const [, major = '5', minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? [];
  return Number(major) < 4 || (Number(major) === 4 && Number(minor) < 3) ? 'casapy' : 'casa';
}
