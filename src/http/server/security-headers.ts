import helmet from "helmet";

/**
 * Headers that keep browsers careful. Answers are JSON, so their content policy allows nothing; the
 * docs page sets its own. Storefronts on other origins show pictures of ours, which `same-origin`
 * would forbid.
 */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  crossOriginResourcePolicy: { policy: "cross-origin" },
  // Only this host: what the shop runs on other subdomains is not ours to decide.
  strictTransportSecurity: { includeSubDomains: false },
});
