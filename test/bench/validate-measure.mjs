import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * Runs one measurement: `listing COUNT`, `inspect FILE` or `verify IMAGE BEAM`. Prints elapsed seconds, processor
 * seconds, and bytes of memory.
 */
const require = createRequire(import.meta.url);
const { DeliveryInspection } = require('../../dist/libs/delivery');
const { FitsInspector, verifyPrimaryBeam } = require('../../dist/libs/fits');
const CHUNK = 1024 * 1024;
const TREE = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';

const open = (path) => createReadStream(path, { highWaterMark: CHUNK });

async function sampled(path) {
  const [hash, inspector] = [createHash('sha256'), new FitsInspector({ sample: true })];
  for await (const chunk of open(path)) {
    hash.update(chunk);
    inspector.write(chunk);
  }
  hash.digest();
  return inspector.sampledImage(inspector.end());
}

const MEASUREMENTS = {
  async listing(count) {
    const inspection = new DeliveryInspection({ posted: null });
    const part = inspection.openPart('2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar');
    for (let index = 0; index < Number(count); index++) {
      const kind = index % 2 === 0 ? 'pbcor' : 'flux';
      part.entry({ path: `${TREE}/product/source-${index >> 1}.CO_21.${kind}.fits`, type: 'file', size: 1_000_000 });
    }
    part.close();
    const { files } = await inspection.finish();
    if (files !== Number(count)) throw new Error(`${files} files instead of ${count}`);
  },
  async inspect(path) {
    if ((await sampled(path)).statistics.pixels === 0) throw new Error('no statistics');
  },
  async verify(image, primaryBeam) {
    const { noise } = verifyPrimaryBeam(await sampled(image), await sampled(primaryBeam));
    if (noise.length !== 1) throw new Error('no noise');
  },
};

const [what, ...args] = process.argv.slice(2);
const began = process.hrtime.bigint();
await MEASUREMENTS[what](...args);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ seconds, cpu: (userCPUTime + systemCPUTime) / 1e6, maxRss: maxRSS * 1024 }));
