/** Builds and runs a service: its configuration, guard, routes, health, metrics, OpenAPI document and life cycle. */
export * from './common.config';
export { BODY_EXAMPLES } from './open-api-examples';
export * from './service';
