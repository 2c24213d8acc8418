import { z } from 'zod';

/** The content of `<home>/endpoint.json`, which a standalone archive writes so that `almagest` commands can reach it. */
export const endpointSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  pid: z.int().positive(),
  tokenFile: z.string(),
});
export type Endpoint = z.infer<typeof endpointSchema>;
