import { type Logger, LOGGER } from '@almagest/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { z } from 'zod';
import { AccessTokens } from './access-tokens';
import { Callers } from './callers';
import { DataRegister } from './data-register';
import { DeliveryLinks } from './delivery-links';
import { RightGuard } from './right.guard';
import { ServiceTokens } from './service-tokens';

/** The tokens, keys and issuer that a service accepts. */
export const accessVariables = {
  SERVICE_TOKENS_FILE: z
    .string()
    .min(1)
    .meta({ description: 'File of service tokens, one `name scope[,scope] token` per line' }),
  LINK_KEYS_FILE: z
    .string()
    .min(1)
    .meta({ description: 'File of the keys that sign mail links, one `id key` per line; the first one signs' }),
  AUTH_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((url) => /^https:|^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)[:/]/.test(`${url}/`), {
      error: 'expected an https:// URL; http:// is allowed for this machine only',
    })
    .optional()
    .meta({ description: 'OpenID Connect issuer whose access tokens are accepted; unset: none are' }),
  AUTH_AUDIENCE: z.string().min(1).default('almagest').meta({ description: 'Required `aud` of access tokens' }),
};
export type AccessConfig = Readonly<z.infer<z.ZodObject<typeof accessVariables>>>;

/** Guards every route of a service, and provides what the guard works with. */
@Module({})
export class AccessModule {
  static forService(config: AccessConfig): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      providers: [
        DataRegister,
        {
          provide: DeliveryLinks,
          inject: [LOGGER],
          useFactory: (log: Logger) => DeliveryLinks.fromFile(config.LINK_KEYS_FILE, log),
        },
        {
          provide: Callers,
          inject: [DeliveryLinks, LOGGER],
          useFactory: (links: DeliveryLinks, log: Logger) => callersOf(config, links, log),
        },
        { provide: APP_GUARD, useClass: RightGuard },
      ],
      exports: [DataRegister, DeliveryLinks, Callers],
    };
  }
}

function callersOf(
  { SERVICE_TOKENS_FILE, AUTH_ISSUER, AUTH_AUDIENCE }: AccessConfig,
  links: DeliveryLinks,
  log: Logger,
): Callers {
  const accessTokens = AUTH_ISSUER === undefined ? null : new AccessTokens(AUTH_ISSUER, AUTH_AUDIENCE);
  return new Callers(ServiceTokens.fromFile(SERVICE_TOKENS_FILE, log), links, accessTokens);
}
