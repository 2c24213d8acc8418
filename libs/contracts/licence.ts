/** The licence of the archive, in the form that OpenAPI and AsyncAPI documents state it. */
export const LICENCE = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } as const;
