import type { SignInControl } from '../control/controlEndpoint';
import type { AccessTokens } from '../oauth/accessTokens';
import type { SignInExchange } from '../oauth/oauthEndpoints';
import { FormTokens } from '../pages/forms';
import type { HttpSite } from '../protocol/response';
import type { Models } from '../resources/models';
import { AuthorizeEndpoint } from './authorizeEndpoint';
import { BrowserSessions } from './browserSessions';
import { Grants } from './grants';
import { HostedPages } from './hostedPages';
import { InitiatedPage } from './initiatedPage';
import { LogoutEndpoint } from './logoutEndpoint';
import { OrderedOutcomes } from './outcomes';
import { ProviderPage } from './providerPage';
import { TestSignInPages } from './testSignInPages';
import { SignIns } from './signIns';
import type { SignInSettings } from './signInSettings';
import { TokenExchange } from './tokenExchange';
import { TokenSites } from './tokenSites';
import { UserTokens } from './userTokens';

/** Everything that signs people in. */
export interface SignIn extends SignInControl {
  readonly sites: readonly HttpSite[];
  readonly exchange: SignInExchange;
  /** The sign-ins that are going on. */
  readonly signIns: SignIns;
  /** One-time tokens for the forms of any page. */
  readonly forms: FormTokens;
  /** How many codes, tokens and so on are kept. */
  sizes(): Readonly<Record<string, number>>;
}

/** Builds the parts that sign people in, and joins them. */
export function createSignIn(
  models: Models,
  clientTokens: AccessTokens,
  {
    settings,
    tokenLifetimeSeconds,
    realNow,
  }: {
    settings: SignInSettings;
    tokenLifetimeSeconds: number | undefined;
    /** The time of this machine, by which the forms of pages expire. */
    realNow: () => number;
  },
): SignIn {
  const { world } = models.organizations;
  const { now, clients } = world;
  const grants = new Grants(now);
  const browsers = new BrowserSessions(now);
  const outcomes = new OrderedOutcomes();
  const forms = new FormTokens(realNow);
  const tokens = new UserTokens(clientTokens.keys, grants, models, now, tokenLifetimeSeconds);
  const signIns = new SignIns(models, settings, grants, browsers, outcomes);
  return {
    settings,
    outcomes,
    forms,
    now,
    signIns,
    exchange: new TokenExchange(clients, grants, tokens, models),
    sites: [
      new AuthorizeEndpoint(signIns, browsers),
      new HostedPages(signIns, forms),
      new ProviderPage(signIns, forms),
      new InitiatedPage(signIns, forms, tokens, browsers),
      new TestSignInPages(signIns),
      new LogoutEndpoint(models, tokens, grants, browsers, settings),
      new TokenSites(clients, clientTokens, tokens, grants, models),
    ],
    expireAccessTokens: () => grants.expireAccessTokens(),
    sizes: () => ({
      ...grants.sizes,
      attempts: signIns.size,
      browsers: browsers.size,
      sessions: models.sessions.startedCount,
      log: models.logs.liveCount,
      forms: forms.size,
    }),
  };
}
