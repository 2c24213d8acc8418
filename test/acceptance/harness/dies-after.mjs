// Loaded before a command (`--import`): kills it, like kill -9, after a given number of changes of the file system.
import fs from 'node:fs';

const CHANGES = {
  sync: ['mkdirSync', 'openSync', 'renameSync', 'rmSync', 'rmdirSync', 'utimesSync', 'writeFileSync', 'writeSync'],
  async: ['mkdir', 'open', 'rename', 'rm'],
};
let left = Number(process.env.DIES_AFTER);

function changed() {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

for (const name of CHANGES.sync) {
  const original = fs[name];
  fs[name] = (...args) => {
    const result = original(...args);
    changed();
    return result;
  };
}
for (const name of CHANGES.async) {
  const original = fs.promises[name];
  fs.promises[name] = async (...args) => {
    const result = await original(...args);
    changed();
    return result;
  };
}
