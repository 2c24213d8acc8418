import { Initial1795413549669 } from './1795413549669-initial';
import { Upkeep1795416924581 } from './1795416924581-upkeep';
import { RevokedLink1795533293442 } from './1795533293442-revoked-link';
import { Withdrawal1795544719662 } from './1795544719662-withdrawal';
import { Restoring1795898894123 } from './1795898894123-restoring';
import { DamagedVersion1796032529408 } from './1796032529408-damaged-version';
import { DeliveryServes1796035000000 } from './1796035000000-delivery-serves';
import { ImagesAndMetadata1796040000000 } from './1796040000000-images-and-metadata';
import { FileNames1796050000000 } from './1796050000000-file-names';

/** The migrations of the schema `catalogue`, oldest first. */
export const migrations = [
  Initial1795413549669,
  Upkeep1795416924581,
  RevokedLink1795533293442,
  Withdrawal1795544719662,
  Restoring1795898894123,
  DamagedVersion1796032529408,
  DeliveryServes1796035000000,
  ImagesAndMetadata1796040000000,
  FileNames1796050000000,
];
