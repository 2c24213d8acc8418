import { Injectable, ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { AccessError } from './access.error';
import { AccessTokens } from './access-tokens';
import type { Caller } from './caller';
import { DeliveryLinks } from './delivery-links';
import { ServiceTokens } from './service-tokens';

/** Node accepts 16 KiB of headers; a token with some hundred projects stays below this limit. */
const BEARER = /^Bearer ([\x21-\x7e]{1,8192})$/i;
const BASIC = /^Basic ([\w+/-]{1,11000}={0,2})$/i;
/** Three parts between dots; neither a service token nor a link has this form. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Identifies the caller of a request by the token of `Authorization: Bearer`, or by the `?link=` of a mail. Some routes also
 * take either as the password of `Authorization: Basic`; its user name means nothing.
 */
@Injectable()
export class Callers {
  constructor(
    private readonly serviceTokens: ServiceTokens,
    private readonly links: DeliveryLinks,
    /** Null when no issuer is configured. */
    private readonly accessTokens: AccessTokens | null,
  ) {}

  /**
   * Returns the caller, or null for a request with neither a token nor a link.
   * @param takesBasic whether the route takes a token as a password
   * @throws UnauthorizedException, ServiceUnavailableException
   */
  async identify({ headers, query }: Request, takesBasic = false): Promise<Caller | null> {
    if (headers.authorization !== undefined) {
      const token =
        BEARER.exec(headers.authorization)?.[1] ?? (takesBasic ? passwordOf(headers.authorization) : undefined);
      if (token === undefined) throw new UnauthorizedException('A bearer token is required');
      return this.byToken(token);
    }
    if (query['link'] === undefined) return null;
    return this.byLink(typeof query['link'] === 'string' ? query['link'] : '');
  }

  private async byToken(token: string): Promise<Caller> {
    const service = this.serviceTokens.callerOf(token);
    if (service !== null) return service;
    if (token.startsWith('L.')) return this.byLink(token);
    if (this.accessTokens === null || !JWT.test(token)) throw new UnauthorizedException('Unknown token');
    try {
      return await this.accessTokens.callerOf(token);
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      if (!error.retryable) throw new UnauthorizedException(error.message);
      throw new ServiceUnavailableException('Access tokens cannot be verified now: the issuer does not answer');
    }
  }

  private byLink(token: string): Caller {
    const link = this.links.read(token);
    if (link === null) throw new UnauthorizedException('Invalid link; copy the whole link from the mail');
    if (link.expires.getTime() <= Date.now()) throw new UnauthorizedException('The link has expired');
    const { id, delivery } = link;
    return { id: `link:${id}`, scopes: [], projects: [], link: { id, delivery } };
  }
}

/** Returns the password of Basic authentication (RFC 7617, 2); undefined when there is none. */
function passwordOf(authorization: string): string | undefined {
  const credentials = Buffer.from(BASIC.exec(authorization)?.[1] ?? '', 'base64').toString();
  const password = /^[^:]*:(.+)$/s.exec(credentials)?.[1];
  // As for a bearer token: no token has other characters.
  return password !== undefined && /^[\x21-\x7e]{1,8192}$/.test(password) ? password : undefined;
}
