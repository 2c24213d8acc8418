const PROJECT_CODE = /^\d{4}\.[0-9A-Z]\.\d{5}\.(?:S|T|V|L|P|CSV|CAL|SIM|SV|E)$/;

/** The regular expression source of a project code inside a file name. */
export const PROJECT_CODE_IN_FILE_NAME = PROJECT_CODE.source.slice(1, -1);

/** True for an ALMA project code, `YYYY.C.NNNNN.Z`, such as `2013.1.09999.S` or `0000.0.00341.CSV`. */
export function isProjectCode(text: string): boolean {
  return PROJECT_CODE.test(text);
}
