/** How often something that failed is tried again, and how long to wait before. Pure. */
export * from './retry-policy';
