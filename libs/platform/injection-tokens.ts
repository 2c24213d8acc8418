/** Injection token of a service's pino logger. */
export const LOGGER = Symbol('LOGGER');

/** Injection token of the URL with which the archive's own links begin, without a slash at the end. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

/** Injection token of the transport strategy of the bus, which the messaging module provides. */
export const BUS_SERVER = Symbol('BUS_SERVER');
