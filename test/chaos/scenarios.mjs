import { setTimeout as pause } from 'node:timers/promises';

const LOAD_MS = 8_000;

/**
 * Restarts every instance of every service one after another, as the roll-out of a new version does, while results come
 * in. Before that, each instance must have handled some of its service's messages.
 */
export async function rolling(world) {
  const faults = [];
  const counts = {};
  await pause(LOAD_MS);
  for (const service of ['intake', 'ingest', 'catalogue', 'notifier', 'search']) {
    for (const instance of world.instancesOf(service)) {
      const handled = await messagesHandled(world, instance);
      counts[`messages handled by ${instance.name}`] = handled;
      if (handled === 0) faults.push(`${instance.name} handled no messages`);
    }
  }
  for (const instance of world.instances) {
    console.log(`SIGTERM ${instance.name}`);
    const ending = await world.end(instance, 'SIGTERM');
    if (ending?.code !== 0) faults.push(`${instance.name} ended with ${JSON.stringify(ending)}`);
    await world.allListen();
  }
  await pause(LOAD_MS);
  return { faults, counts };
}

/** Makes every engine unreachable for a while, one after another, and then restarts each, while results come in. */
export async function outages(world, seconds) {
  await pause(LOAD_MS);
  for (const [name, proxy] of Object.entries(world.proxies)) {
    console.log(`${name} refuses connections for ${seconds} s`);
    await proxy.refuse();
    await pause(seconds * 1000);
    await proxy.accept();
    await pause(LOAD_MS);
  }
  for (const [name, server] of Object.entries(world.engines)) {
    console.log(`${name} is restarted`);
    await server.stop();
    await server.start();
    await pause(LOAD_MS);
  }
  return { faults: [], counts: {} };
}

async function messagesHandled(world, instance) {
  const text = await (await world.askInstance(instance, '/metrics')).text();
  return [...text.matchAll(/^almagest_bus_handling_seconds_count\{.*\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}
