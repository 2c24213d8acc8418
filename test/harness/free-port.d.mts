/** Returns a port that is free and that no other call returned, in any process of this user. */
export function freePort(): Promise<number>;
