import { fromFileForm, type Uid } from '@almagest/ous';
import type { Item, Role } from './role';

/** Which field an image was made of: the science target or one of the calibrators. */
export type Intent = 'science' | 'bandpass' | 'phase' | 'check' | 'flux' | 'polarization';

/** How an image was made: a cube of channels, or channels collapsed into one plane. */
export type SpectralMode = 'cube' | 'continuum' | 'moment' | 'representative-bandwidth';

/** The naming families of images (§4.3; later cycles, manual imaging and total power differ from it). */
export type NamingFamily = 'document' | 'pipeline' | 'pipeline-member' | 'manual' | 'total-power';

/** What an image's name says. A part the name does not have is null, or empty for the spectral windows. */
export interface ImageName {
  family: NamingFamily;
  /** Name of the field; null in free-form names other than continuum, where it cannot be told from the line's. */
  source: string | null;
  intent: Intent;
  /** Ids of the spectral windows, as in `spw17_19`. */
  spws: readonly number[];
  mode: SpectralMode | null;
  stokes: string | null;
  /** `0` or `1` of a multi-term continuum's `tt0`, `tt1`. */
  taylorTerm: number | null;
  /** n of `.v2.fits`; 1 when the name has none. */
  version: number;
  /** The same for an image, its primary beam and its mask, and for nothing else. */
  familyKey: string;
}

/** What a file's place and name say it is. */
export interface Classification {
  /** Item of §3, from the directory the file lies in; null outside of the seven. */
  item: Item | null;
  role: Role;
  /** The execution block the name bears, if any. */
  executionBlock: Uid | null;
  /** n of `session_n`, if the name has it. */
  session: number | null;
  /** k of `qa2_part<k>`, if the name has it. */
  page: number | null;
  image: ImageName | null;
}

/** The role and item of a file about whose name nothing more can be said. */
export function plain(item: Item | null, role: Role): Classification {
  return { item, role, executionBlock: null, session: null, page: null, image: null };
}

/** A file whose name bears the uid in file form, or none. */
export function ofBlock(item: Item, role: Role, uid: string | undefined): Classification {
  return { ...plain(item, role), executionBlock: uid === undefined ? null : fromFileForm(uid) };
}
