import { Injectable, ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { AccessTokens, IssuerUnreachable, TokenRefused } from './access-tokens';
import type { Caller } from './caller';
import { DeliveryLinks } from './delivery-links';
import { ServiceTokens } from './service-tokens';

/** Node takes 16 KiB of headers; a token with some hundred projects stays below this. */
const BEARER = /^Bearer ([\x21-\x7e]{1,8192})$/i;
/** Three parts between dots: neither a service token of ours nor a link. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Tells who asks, by the token of `Authorization: Bearer` or else by `?link=` of a mail. */
@Injectable()
export class Callers {
  constructor(
    private readonly serviceTokens: ServiceTokens,
    private readonly links: DeliveryLinks,
    /** Null: the archive trusts no issuer. */
    private readonly accessTokens: AccessTokens | null,
  ) {}

  /**
   * The caller; null when the request bears nothing to tell it by.
   * @throws UnauthorizedException, ServiceUnavailableException
   */
  async of({ headers, query }: Request): Promise<Caller | null> {
    if (headers.authorization !== undefined) {
      const token = BEARER.exec(headers.authorization)?.[1];
      if (token === undefined) throw new UnauthorizedException('A bearer token is required');
      return this.callerOf(token);
    }
    if (query['link'] === undefined) return null;
    return this.linked(typeof query['link'] === 'string' ? query['link'] : '');
  }

  private async callerOf(token: string): Promise<Caller> {
    const service = this.serviceTokens.callerOf(token);
    if (service !== null) return service;
    if (token.startsWith('L.')) return this.linked(token);
    if (this.accessTokens === null || !JWT.test(token))
      throw new UnauthorizedException('The bearer token is not known');
    try {
      return await this.accessTokens.callerOf(token);
    } catch (error) {
      if (error instanceof TokenRefused) throw new UnauthorizedException(error.message);
      if (error instanceof IssuerUnreachable) {
        throw new ServiceUnavailableException('Access tokens cannot be checked now: their issuer does not answer');
      }
      throw error;
    }
  }

  private linked(token: string): Caller {
    const link = this.links.read(token);
    if (link === null) throw new UnauthorizedException('The link is not one of this archive; copy all of it');
    if (link.expires.getTime() <= Date.now()) throw new UnauthorizedException('The link has expired');
    const { id, delivery } = link;
    return { id: `link:${id}`, scopes: [], projects: [], link: { id, delivery } };
  }
}
