// Requests go to the address at which the page was opened, whatever the server's public address is:
// the page's policy allows no other. What would call other servers is off: telemetry, fonts, the
// proxy for requests, the assistant and the links into the maker's own programs.
const otherLanguages = Object.fromEntries(
  "c clojure csharp dart fsharp go http java kotlin objc ocaml powershell r ruby rust swift"
    .split(" ")
    .map((language) => [language, true]),
);
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
  hiddenClients: otherLanguages,
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  authentication: { preferredSecurityScheme: "bearer" },
});

// The viewer scrolls to what is chosen, and leaves the focus where it was chosen. The focus must
// follow: else the keyboard has to pass the whole navigation to get there.
const PATIENCE_MS = 3000;
const pushState = history.pushState.bind(history);
history.pushState = (state, unused, url) => {
  pushState(state, unused, url);
  const chosen = decodeURIComponent(location.hash.slice(1));
  if (chosen) focusWhenShown(chosen, performance.now() + PATIENCE_MS);
};

function focusWhenShown(chosen, deadline) {
  const section = document.querySelector(`[id$="/${CSS.escape(chosen)}"]`);
  const isSearchOpen = document.querySelector('[role="dialog"] [role="combobox"]');
  if (section && !isSearchOpen) {
    section.tabIndex = -1;
    section.focus({ preventScroll: true });
  } else if (performance.now() < deadline) {
    requestAnimationFrame(() => focusWhenShown(chosen, deadline));
  }
}
