import type { FitsInspection } from '@almagest/fits';
import { diskNeed, type DiskNeed } from '../disk/disk-need';
import type { ArchiveFacts } from '../facts/file-facts';
import { factsOf, filesWithRole, type Inventory, type InventoryEntry, packagingDate } from '../inventory/inventory';
import { claimsOf, summaryOf } from '../measuring/qa2-claims';
import { piBehaviourOf } from '../pi-checks/pi-behaviour';
import { printableData } from '../printable';
import { type DeliveryFacts, MAX_LISTED } from './report';

/** Collects what the files state into the facts of a report, each list cut to a maximum length. */
export function makeFacts(inventory: Inventory): DeliveryFacts {
  const executionBlocks = cut<string>(inventory.executionBlocks);
  const qa2Checks = cut(
    factsOf(inventory, 'qa2-text').flatMap(({ file, facts: { check } }) =>
      check === null ? [] : [{ executionBlock: file.executionBlock, check }],
    ),
  );
  const calibratorFluxes = cut(factsOf(inventory, 'fluxes').flatMap(({ facts }) => facts));
  const archives = cut(factsOf(inventory, 'archive').map(({ file, facts }) => archiveSummary(file, facts.facts)));
  const images = cut(factsOf(inventory, 'fits').flatMap(({ file, facts }) => imageSummary(file, facts)));
  const measured = cut(inventory.measurements);
  const readme = firstOf(factsOf(inventory, 'readme'));
  const script = firstOf(factsOf(inventory, 'pi-script'));
  const facts: DeliveryFacts = {
    readme,
    ppr: firstOf(factsOf(inventory, 'ppr')),
    qa2Report: firstOf(factsOf(inventory, 'qa2-report')),
    scriptForPi: script === null ? null : { file: script.file, ...script.version },
    packagedOn: packagingDate(inventory),
    disk: diskNeedOf(inventory),
    executionBlocks: executionBlocks.kept,
    qa2Checks: qa2Checks.kept,
    calibratorFluxes: calibratorFluxes.kept,
    archives: archives.kept,
    images: images.kept,
    measurements: measured.kept.map(summaryOf),
    claims: claimsOf(readme?.achieved ?? [], inventory.measurements),
    omitted: {
      executionBlocks: executionBlocks.omitted,
      qa2Checks: qa2Checks.omitted,
      calibratorFluxes: calibratorFluxes.omitted,
      archives: archives.omitted,
      images: images.omitted,
      measurements: measured.omitted,
    },
  };
  return printableData(facts, MAX_LISTED);
}

function cut<T>(list: readonly T[]): { kept: T[]; omitted: number } {
  return { kept: list.slice(0, MAX_LISTED), omitted: Math.max(0, list.length - MAX_LISTED) };
}

function firstOf<T>(found: readonly { file: InventoryEntry; facts: T }[]): (T & { file: string }) | null {
  const [first] = found;
  return first ? { ...first.facts, file: first.file.path } : null;
}

function archiveSummary({ path }: InventoryEntry, facts: ArchiveFacts): DeliveryFacts['archives'][number] {
  const { files, bytes, tables, flagVersions } = facts;
  return { file: path, files, bytes, tables: tables.length, flagVersions };
}

function imageSummary({ path, role }: InventoryEntry, { image }: FitsInspection): DeliveryFacts['images'] {
  if (image === null) return [];
  const { object, unit, observed, shape, sky, spectral, beam } = image;
  return [
    {
      file: path,
      role,
      object,
      unit,
      observed,
      shape: [...shape],
      centre: sky?.centre ? { longitude: sky.centre.lon, latitude: sky.centre.lat, frame: sky.frame } : null,
      frequencyHz: spectral && {
        minimum: spectral.minimumHz,
        maximum: spectral.maximumHz,
        channels: spectral.channels,
        frame: spectral.frame,
      },
      beam: beam && {
        majorArcsec: beam.majorArcsec,
        minorArcsec: beam.minorArcsec,
        positionAngleDeg: beam.paDeg,
      },
    },
  ];
}

/** Uses the posted sizes of the raw data of every used block, else those in the delivery; null for a combination. */
function diskNeedOf(inventory: Inventory): DiskNeed | null {
  const { mode, files } = inventory;
  const rawBytes = postedRawBytes(inventory) ?? foundRawBytes(inventory);
  if (mode === 'combination' || rawBytes === null) return null;
  const [script] = factsOf(inventory, 'pi-script');
  const behaviour = piBehaviourOf(script?.facts.version ?? null, inventory.profile.name);
  return diskNeed({
    productBytes: files.reduce((sum, { item, size }) => sum + (item === 7 ? 0 : size), 0),
    rawBytes,
    basis: behaviour.diskBasis,
    hasCombiningScript: filesWithRole(inventory, ...behaviour.combiningScripts).length > 0,
  });
}

function postedRawBytes({ posted }: Inventory): number | null {
  const used = posted?.executionBlocks.filter(({ use }) => use === 'used') ?? [];
  const sizes = used.map(({ asdmBytes }) => asdmBytes).filter((bytes) => bytes !== undefined);
  return used.length > 0 && sizes.length === used.length ? sizes.reduce((sum, bytes) => sum + bytes, 0) : null;
}

function foundRawBytes(inventory: Inventory): number | null {
  const asdms = filesWithRole(inventory, 'asdm');
  const there = new Set(asdms.map(({ executionBlock }) => executionBlock));
  if (asdms.length === 0 || !inventory.executionBlocks.every((uid) => there.has(uid))) return null;
  return asdms.reduce((sum, { size }) => sum + size, 0);
}
