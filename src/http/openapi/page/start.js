// Requests go to the address at which the page was opened, whatever the server's public address is:
// the page's policy allows no other. What would call other servers is off: telemetry, fonts, the
// proxy for requests, the assistant and the links into the maker's own programs.
const root = new URL(".", location.href).href.replace(/\/$/, "");
Scalar.createApiReference("#docs", {
  url: `${root}/openapi.json`,
  servers: [{ url: root, description: "This server" }],
  proxyUrl: "",
  telemetry: false,
  withDefaultFonts: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  documentDownloadType: "json",
  persistAuth: false,
  hideModels: true,
  operationTitleSource: "summary",
  orderRequiredPropertiesFirst: true,
  orderSchemaPropertiesBy: "preserve",
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  authentication: { preferredSecurityScheme: "bearer" },
});
