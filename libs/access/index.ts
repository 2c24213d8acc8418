/** Who may use what: callers, the scopes and projects they hold, mail links, and the guard of every route. */
export * from './access.error';
export * from './access.module';
export * from './caller';
export { Callers } from './callers';
export * from './data-register';
export * from './delivery-links';
export * from './right';
export * from './service-tokens';
export * from './link-token';
