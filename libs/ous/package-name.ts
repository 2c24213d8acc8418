import { fromFileForm, toFileForm, Uid, UID_IN_FILE_NAME } from './uid';

const PROJECT_CODE = /^\d{4}\.[0-9A-Z]\.\d{5}\.(?:S|T|V|L|P|CSV|CAL|SIM|SV|E)$/;

/** Regular expression source that matches a project code inside a file name. */
export const PROJECT_CODE_IN_FILE_NAME = PROJECT_CODE.source.slice(1, -1);

/** Returns true for an ALMA project code, `YYYY.C.NNNNN.Z`, such as `2013.1.09999.S` or `0000.0.00341.CSV`. */
export function isProjectCode(text: string): boolean {
  return PROJECT_CODE.test(text);
}

/** The parsed name of a product tar (§2). */
export interface ProductTarName {
  kind: 'product';
  project: string;
  ous: Uid;
  /** m of `m_of_n`, from 1. */
  part: number;
  /** n of `m_of_n`. */
  of: number;
}

/** The tar of later cycles that contains everything but `product/` (pipeline cycles 5 and later). */
export interface AuxiliaryTarName {
  kind: 'auxiliary';
  project: string;
  ous: Uid;
}

/** The parsed name of a raw data tar. Some have no project code. */
export interface RawTarName {
  kind: 'raw';
  project: string | null;
  executionBlock: Uid;
}

export type PackageName = ProductTarName | AuxiliaryTarName | RawTarName;

const PRODUCT = new RegExp(`^(${PROJECT_CODE_IN_FILE_NAME})_(${UID_IN_FILE_NAME})_(\\d{1,4})_of_(\\d{1,4})\\.tar$`);
const AUXILIARY = new RegExp(`^(${PROJECT_CODE_IN_FILE_NAME})_(${UID_IN_FILE_NAME})_auxiliary\\.tar$`);
const RAW = new RegExp(`^(?:(${PROJECT_CODE_IN_FILE_NAME})_)?(${UID_IN_FILE_NAME})\\.asdm\\.sdm\\.tar$`);

/** `<Project ID>_<OUS_UID>_m_of_n.tar`, the name of a part of a MemberOUS or GroupOUS delivery (§2). */
export function productTarName(project: string, ous: Uid, part: number, of: number): string {
  return `${project}_${toFileForm(ous)}_${part}_of_${of}.tar`;
}

/** `<Project ID>_<EB uid>.asdm.sdm.tar`, the name of a staged raw ASDM. */
export function rawTarName(project: string, executionBlock: Uid): string {
  return `${project}_${toFileForm(executionBlock)}.asdm.sdm.tar`;
}

/** `2013.1.09999.S` + `uid://A002/X1/Xb1` -> the directory of its ASDM in the unpacked tree, below `raw/` (§5.1). */
export function asdmDirectoryName(executionBlock: Uid): string {
  return `${toFileForm(executionBlock)}.asdm.sdm`;
}

/**
 * Parses the file name of a tar; null when it has no known form. Numbers may be zero-padded (later cycles write
 * `001_of_001`). They are not checked here: a rule of the standard checks that m runs from 1 to n.
 */
export function parsePackageName(name: string): PackageName | null {
  const product = PRODUCT.exec(name);
  if (product) {
    const [, project = '', ous = '', part, of] = product;
    return { kind: 'product', project, ous: fromFileForm(ous), part: Number(part), of: Number(of) };
  }
  const auxiliary = AUXILIARY.exec(name);
  if (auxiliary) {
    const [, project = '', ous = ''] = auxiliary;
    return { kind: 'auxiliary', project, ous: fromFileForm(ous) };
  }
  const raw = RAW.exec(name);
  if (raw) {
    const [, project, executionBlock = ''] = raw;
    return { kind: 'raw', project: project ?? null, executionBlock: fromFileForm(executionBlock) };
  }
  return null;
}
