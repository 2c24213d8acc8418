import type { ImageRecord } from '@almagest/contracts';
import { LIGHT, separation, type SkyPosition } from '@almagest/fits';
import { attribute, element } from '@almagest/votable';

/** An image as a service descriptor names it. */
export interface DescribedImage {
  /** The ID of SODA: the name of the file, or its path. */
  readonly id: string;
  /** The ID of the descriptor in its document, which `service_def` refers to. */
  readonly serviceId: string;
  readonly image: ImageRecord;
}

/**
 * Returns the RESOURCE that describes how to cut parts out of an image, with the ranges that the image has (DataLink 1.1, 4;
 * SODA 1.0, 4.2).
 */
export function sodaDescriptor(publicUrl: string, { id, serviceId, image }: DescribedImage): string {
  const { region, spectral, stokes } = image;
  const inputs = [parameter('ID', 'meta.ref.url;meta.curation', 'The image', { value: id })];
  if (region !== null) {
    const polygon = region.shape === 'polygon' ? maximum(region.vertices.flat()) : '';
    const outline = 'pos.outline;obs';
    inputs.push(
      parameter('POS', outline, 'CIRCLE, RANGE or POLYGON with numbers in degrees, ICRS'),
      numbers('CIRCLE', outline, 'deg', '3', 'circle', 'A circle that the cutout covers', maximum(circleAround(image))),
      numbers('POLYGON', outline, 'deg', '*', 'polygon', 'A polygon that the cutout covers', polygon),
    );
  }
  if (spectral !== null) {
    const [shortest, longest] = [LIGHT / spectral.maximumHz, LIGHT / spectral.minimumHz];
    const values = `<VALUES><MIN value="${shortest}"/><MAX value="${longest}"/></VALUES>`;
    const what = `Wavelengths, in the frame of the image${spectral.frame === null ? '' : ` (${spectral.frame})`}`;
    inputs.push(numbers('BAND', 'em.wl;stat.interval', 'm', '2', 'interval', what, values));
  }
  if (stokes.length > 0) {
    const options = stokes.map((state) => `<OPTION${attribute('value', state)}/>`).join('');
    const values = `<VALUES>${options}</VALUES>`;
    inputs.push(parameter('POL', 'meta.code;phys.polarization', 'Stokes parameters or correlations', { values }));
  }
  return (
    `<RESOURCE type="meta" utype="adhoc:service"${attribute('ID', serviceId)}>\n` +
    text('standardID', 'ivo://ivoa.net/std/SODA#sync-1.0') +
    text('accessURL', `${publicUrl}/soda/sync`) +
    `<GROUP name="inputParams">\n${inputs.join('')}</GROUP>\n</RESOURCE>\n`
  );
}

function text(name: string, value: string): string {
  return `<PARAM name="${name}" datatype="char" arraysize="*"${attribute('value', value)}/>\n`;
}

function parameter(name: string, ucd: string, description: string, { value = '', values = '' } = {}): string {
  return (
    `<PARAM name="${name}" ucd="${ucd}" datatype="char" arraysize="*"${attribute('value', value)}>` +
    `${element('DESCRIPTION', description)}${values}</PARAM>\n`
  );
}

function numbers(
  name: string,
  ucd: string,
  unit: string,
  arraysize: string,
  xtype: string,
  description: string,
  values: string,
): string {
  return (
    `<PARAM name="${name}" ucd="${ucd}" unit="${unit}" datatype="double" arraysize="${arraysize}" xtype="${xtype}"` +
    ` value="">${element('DESCRIPTION', description)}${values}</PARAM>\n`
  );
}

function maximum(values: readonly number[]): string {
  return values.length === 0 ? '' : `<VALUES><MAX value="${values.join(' ')}"/></VALUES>`;
}

/** Returns a circle that covers the image: the centre and the radius in degrees. */
function circleAround({ region, centre }: ImageRecord): number[] {
  if (region?.shape === 'circle') return [...region.centre, region.radius];
  if (region === null || centre === null) return [];
  const at = ([lon, lat]: readonly [number, number]): SkyPosition => ({ lon, lat });
  return [...centre, Math.max(...region.vertices.map((vertex) => separation(at(centre), at(vertex))))];
}
