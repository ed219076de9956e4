import helmet from "helmet";

/**
 * Sets security headers. Answers are JSON, so their content security policy allows nothing; the
 * docs page sets its own. Storefronts on other origins show our pictures, which the resource policy
 * `same-origin` would forbid.
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
  // Only this host: the shop may run other software on its subdomains.
  strictTransportSecurity: { includeSubDomains: false },
});
