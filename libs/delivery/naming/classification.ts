import { fromFileForm, type Uid } from '@almagest/ous';
import type { Item, Role } from './role';

/** The field that an image shows: the science target or one of the calibrators. */
export type Intent = 'science' | 'bandpass' | 'phase' | 'check' | 'flux' | 'polarization';

/** The kind of image: a cube of channels, or channels collapsed into one plane. */
export type SpectralMode = 'cube' | 'continuum' | 'moment' | 'representative-bandwidth';

/** The naming families of images: `document` is that of §4.3; later cycles, manual imaging and total power differ. */
export type NamingFamily = 'document' | 'pipeline' | 'pipeline-member' | 'manual' | 'total-power';

/** The parts of an image name. A part that the name does not have is null; `spws` is then empty. */
export interface ImageName {
  family: NamingFamily;
  /** Name of the field; null in free-form names other than continuum, where field and line cannot be separated. */
  source: string | null;
  intent: Intent;
  /** Ids of the spectral windows, as in `spw17_19`. */
  spws: readonly number[];
  mode: SpectralMode | null;
  stokes: string | null;
  /** `0` or `1` for `tt0` or `tt1` of a multi-term continuum. */
  taylorTerm: number | null;
  /** n of `.v2.fits`; 1 when the name has none. */
  version: number;
  /** The same for an image, its primary beam and its mask, and for nothing else. */
  familyKey: string;
}

/** What a file is, according to its place and name. */
export interface Classification {
  /** Item of §3, from the directory of the file; null outside the seven items. */
  item: Item | null;
  role: Role;
  /** The execution block in the name, if any. */
  executionBlock: Uid | null;
  /** n of `session_n`, if the name has it. */
  session: number | null;
  /** k of `qa2_part<k>`, if the name has it. */
  page: number | null;
  image: ImageName | null;
}

/** Returns the classification of a file whose name has no further parts. */
export function plain(item: Item | null, role: Role): Classification {
  return { item, role, executionBlock: null, session: null, page: null, image: null };
}

/** Returns the classification of a file whose name contains the uid, in file form, of an execution block, or none. */
export function ofBlock(item: Item, role: Role, uid: string | undefined): Classification {
  return { ...plain(item, role), executionBlock: uid === undefined ? null : fromFileForm(uid) };
}
