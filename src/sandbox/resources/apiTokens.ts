import { create } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ApiTokenService, TokenSchema, type Token } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tokens/tokens_pb';
import { ApiError } from '../protocol/apiError';
import { optional } from '../protocol/optional';
import { resource, type Resource } from '../protocol/resource';
import { randomDigits, randomSecret } from '../random';
import { listingOf, page } from '../store/pages';
import { timestampNow } from '../store/world';
import type { Users } from './users';

/** Opaque API tokens of organizations and their users. The token itself is shown once. */
export function apiTokenResource(users: Users): Resource {
  const { organizations } = users;
  const { world } = organizations;
  const tokens = new Map<string, Token>();
  const idOfSecret = new Map<string, string>();
  organizations.beforeDelete((id) => {
    for (const token of tokens.values()) if (token.organizationId === id) tokens.delete(token.tokenId);
  });

  const isLive = ({ expiry }: Token) => expiry === undefined || timestampMs(expiry) > world.now();
  /** By the token itself or by its id. */
  const find = (tokenOrId: string): Token => {
    const token = tokens.get(idOfSecret.get(tokenOrId) ?? tokenOrId);
    if (token === undefined || !isLive(token)) throw new ApiError('NOT_FOUND', 'token not found');
    return token;
  };

  return resource(ApiTokenService, {
    createToken({ token: wanted }) {
      const organization = organizations.get(wanted?.organizationId ?? '');
      const user = wanted?.userId ? users.find({ case: 'id', value: wanted.userId }) : undefined;
      const secret = `sk_${randomSecret()}`;
      const created = create(TokenSchema, {
        tokenId: `apit_${randomDigits(17)}`,
        organizationId: organization.id,
        organizationExternalId: organization.externalId ?? '',
        ...optional('userId', user?.id),
        ...optional('userExternalId', user?.externalId),
        ...optional('email', user?.email),
        roles: user === undefined ? [] : users.rolesOf(user, organization.id).map(({ name }) => name),
        customClaims: wanted?.customClaims ?? {},
        ...optional('expiry', wanted?.expiry),
        createdAt: timestampNow(world),
        ...optional('description', wanted?.description),
        tokenSuffix: secret.slice(-4),
      });
      tokens.set(created.tokenId, created);
      idOfSecret.set(secret, created.tokenId);
      return { token: secret, tokenId: created.tokenId, tokenInfo: created };
    },

    validateToken: ({ token }) => ({ tokenInfo: find(token) }),

    invalidateToken({ token }) {
      // Invalidating twice is fine, so a missing token is no error.
      tokens.delete(idOfSecret.get(token) ?? token);
      return {};
    },

    listTokens(request) {
      organizations.get(request.organizationId);
      const found = [...tokens.values()].filter(
        (token) =>
          token.organizationId === request.organizationId &&
          ((request.userId ?? '') === '' || token.userId === request.userId) &&
          isLive(token),
      );
      const { items, totalSize, ...rest } = page(
        listingOf(found),
        request,
        `tokens ${request.organizationId} ${request.userId ?? ''}`,
      );
      return { tokens: items, totalCount: totalSize, ...rest };
    },

    updateToken({ token: tokenOrId, customClaims, description }) {
      const token = find(tokenOrId);
      const changed = {
        ...token,
        customClaims: Object.keys(customClaims).length > 0 ? customClaims : token.customClaims,
        ...(description === undefined ? {} : { description }),
      };
      tokens.set(token.tokenId, changed);
      return { tokenInfo: changed };
    },
  });
}
