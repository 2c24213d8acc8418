import { CatalogueReader } from '@almagest/catalogue-db';
import type { AsdmList } from '@almagest/contracts';
import { asdmDirectoryName, ousDirectoryName, rawTarName, type Uid } from '@almagest/ous';
import { DomainError } from '@almagest/platform';
import { Injectable } from '@nestjs/common';

/** Lists the raw datasets of a MemberOUS (§3, item 7). */
@Injectable()
export class AsdmsService {
  constructor(private readonly catalogue: CatalogueReader) {}

  /** @throws DomainError `request-handler.ous-unknown`, `request-handler.group-has-no-asdms` */
  async list(uid: Uid): Promise<AsdmList> {
    const ous = await this.catalogue.ous(uid);
    if (ous === null) {
      throw new DomainError('not-found', 'request-handler.ous-unknown', `There is no ObsUnitSet ${uid}`);
    }
    if (ous.level === 'group') {
      const members = ous.members.map((member) => member.uid).join(', ');
      throw new DomainError(
        'not-found',
        'request-handler.group-has-no-asdms',
        `${uid} is a GroupOUS; request the ASDMs of its members: ${members}`,
      );
    }
    const raw = [
      ous.project,
      ousDirectoryName('science-goal', ous.scienceGoal),
      ousDirectoryName('group', ous.group),
      ousDirectoryName('member', uid),
      'raw',
    ].join('/');
    return {
      ous: uid,
      project: ous.project,
      totalSize: ous.executionBlocks.reduce((sum, block) => sum + block.size, 0),
      asdms: ous.executionBlocks.map((block) => ({
        ...block,
        fileName: rawTarName(ous.project, block.uid),
        unpacksTo: `${raw}/${asdmDirectoryName(block.uid)}`,
      })),
    };
  }
}
