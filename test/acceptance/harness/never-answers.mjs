// Loaded before a command (`--import`): the promise of every HTTP request never settles.
globalThis.fetch = () => new Promise(() => undefined);
