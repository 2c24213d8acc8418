import { z } from 'zod';

/** What a standalone archive writes to `<home>/endpoint.json` while it runs: all that `almagest` needs to talk to it. */
export const endpointSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  pid: z.int().positive(),
  tokenFile: z.string(),
});
export type Endpoint = z.infer<typeof endpointSchema>;
