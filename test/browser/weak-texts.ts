import type { Page } from "playwright-core";

/** What WCAG 2 (AA) asks of texts, and of large ones. */
const ENOUGH = { usual: 4.5, large: 3 };

/**
 * Returns the texts that have too little contrast to what is behind them, as they are seen now:
 * `Search: 3.17`.
 */
export const weakTexts = (page: Page): Promise<string[]> =>
  page.evaluate(`(${inPage})(${JSON.stringify(ENOUGH)})`);

/** Runs in the page, so it is a text to the compiler. */
const inPage = `(enough) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const channelsOf = (color) => {
    if (!known.has(color)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = color;
      brush.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
      known.set(color, [red, green, blue, alpha / 255]);
    }
    return known.get(color);
  };
  const over = (top, below) =>
    [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => {
    const [red, green, blue] = color.slice(0, 3).map((part) => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const canvasColor = matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff";
  const layers = new Map([[null, { color: channelsOf(canvasColor), opacity: 1 }]]);
  // What is behind an element's text, and how opaque the element is.
  const layerOf = (element) => {
    if (!layers.has(element)) {
      const below = layerOf(element.parentElement);
      const { backgroundColor, opacity } = getComputedStyle(element);
      const color = over(channelsOf(backgroundColor), below.color);
      layers.set(element, { color, opacity: below.opacity * opacity });
    }
    return layers.get(element);
  };
  const ratioOf = (element) => {
    const { color: below, opacity } = layerOf(element);
    const [red, green, blue, alpha] = channelsOf(getComputedStyle(element).color);
    const seen = over([red, green, blue, alpha * opacity], below);
    const [light, dark] = [luminance(seen), luminance(below)].sort((one, other) => other - one);
    return (light + 0.05) / (dark + 0.05);
  };
  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    const how = { visibilityProperty: true, opacityProperty: true };
    return width > 1 && height > 1 && element.checkVisibility(how);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  while (walker.nextNode()) {
    const { textContent, parentElement: element } = walker.currentNode;
    if (textContent.trim() === "" || !isSeen(element)) continue;
    const ratio = ratioOf(element);
    const isLarge = parseFloat(getComputedStyle(element).fontSize) >= 24;
    const least = isLarge ? enough.large : enough.usual;
    if (ratio < least) weak.push(textContent.trim().slice(0, 40) + ": " + ratio.toFixed(2));
  }
  return weak;
}`;
