import type { Spread } from "./figures.ts";
import { DIFFERENT, ONE } from "./measure-checkouts.ts";
import { MEDUSA, NETTLE, type Report, UNCACHED } from "./report.ts";
import { ratioIn } from "./targets.ts";

const THEMES = {
  light: { text: "#1f2328", faint: "#59636e", grid: "#d1d9e0", memory: "#0969da", own: "#1a7f37" },
  dark: { text: "#f0f6fc", faint: "#9198a1", grid: "#3d444d", memory: "#4493f8", own: "#3fb950" },
};
type Theme = (typeof THEMES)["light"];
const FONT =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";
const [WIDTH, LEFT, RIGHT, LINE, TOP] = [860, 250, 60, 25, 92];

/** Where the scale has lines: 0.1, 0.2, 0.5, 1, … */
const MARKS = [-1, 0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));

interface Line {
  readonly label: string;
  /** From memory, where the workload can be. */
  readonly memory?: Spread | undefined;
  readonly own: Spread | undefined;
}

interface Group {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** What the chart shows: Nettle as a multiple of Medusa. */
export function groupsOf({ workloads }: Report): Group[] {
  const times = (name: string, server = NETTLE) => ratioIn(workloads, name, server, MEDUSA);
  const kept = (name: string): Line => ({
    label: name,
    memory: times(name),
    own: times(name, UNCACHED),
  });
  const own = (name: string, label = name): Line => ({ label, own: times(name) });
  const steps = ["create cart", "add line", "update line", "complete"];
  const groups: Group[] = [
    {
      title: "Reads a second, 16 at once",
      lines: [
        ...["12 products", "100 products", "product by handle", "category page", "list with q"].map(
          kept,
        ),
        ...["categories", "collections", "regions"].map(kept),
        own("cart of 10 lines"),
        own("shipping options"),
      ],
    },
    {
      title: "Time of a write, one shopper",
      lines: steps.map((step) => own(`${step}, ${ONE}`, step)),
    },
    {
      title: "Time of a write, eight shoppers",
      lines: steps.map((step) => own(`${step}, ${DIFFERENT}`, step)),
    },
    {
      title: "A second",
      lines: [
        own(`checkout, ${ONE}`, "checkouts, one shopper"),
        own(`checkout, ${DIFFERENT}`, "orders, eight shoppers"),
        own("log in", "logins"),
        own("mixed storefront, 32 at once", "mixed storefront, 32 at once"),
      ],
    },
  ];
  return groups.flatMap(({ title, lines }) => {
    const shown = lines.filter((line) => line.own ?? line.memory);
    return shown.length > 0 ? [{ title, lines: shown }] : [];
  });
}

/** Draws how many times as fast Nettle is as Medusa, with the spread of the rounds. */
export function drawChart(report: Report, themeName: keyof typeof THEMES): string {
  const theme = THEMES[themeName];
  const groups = groupsOf(report);
  const scale = scaleOf(groups);
  let y = TOP;
  const parts: string[] = [];
  for (const { title, lines } of groups) {
    parts.push(text(16, y + 14, title, `fill="${theme.faint}" font-weight="600"`));
    y += LINE;
    for (const line of lines) {
      parts.push(drawLine(line, y, scale, theme));
      y += LINE;
    }
    y += 8;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 12}"`,
    ` viewBox="0 0 ${WIDTH} ${y + 12}" role="img" font-family="${FONT}" font-size="13"`,
    ` fill="${theme.text}">`,
    "<title>Nettle as a multiple of Medusa 1.20.11</title>",
    text(16, 26, "How many times as fast as Medusa 1.20.11", `font-size="17" font-weight="600"`),
    text(
      16,
      46,
      `${report.machine}. Same PostgreSQL, same rows, by turns.`,
      `fill="${theme.faint}"`,
    ),
    drawLegend(theme),
    drawGrid(y, scale, theme),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

interface Scale {
  readonly least: number;
  readonly greatest: number;
  x(ratio: number): number;
}

/** A logarithmic scale on which all ratios are, also those below 1. */
function scaleOf(groups: readonly Group[]): Scale {
  const ratios = groups.flatMap(({ lines }) =>
    lines.flatMap(({ memory, own }) => [memory, own].filter((ratio) => ratio !== undefined)),
  );
  const lowest = Math.min(...ratios.map(({ min }) => min));
  const least = Math.max(0.1, Math.min(1, MARKS.findLast((mark) => mark <= lowest) ?? 0.1));
  const highest = Math.max(10, ...ratios.map(({ max }) => max));
  const greatest = MARKS.find((mark) => mark >= highest) ?? highest;
  const decades = Math.log10(greatest / least);
  return {
    least,
    greatest,
    x: (ratio) =>
      LEFT + (Math.log10(Math.max(ratio, least) / least) / decades) * (WIDTH - LEFT - RIGHT),
  };
}

function drawLegend({ memory, own, faint }: Theme): string {
  return [
    `<circle cx="21" cy="64" r="5" fill="${memory}"/>`,
    text(32, 68, "answered from memory", `fill="${faint}"`),
    `<circle cx="214" cy="64" r="5" fill="${own}"/>`,
    text(225, 68, "with the database", `fill="${faint}"`),
    `<path d="M363 64h24" stroke="${faint}" stroke-width="2"/>`,
    text(395, 68, "least to greatest of the rounds; logarithmic scale", `fill="${faint}"`),
  ].join("\n");
}

function drawGrid(bottom: number, { x, least, greatest }: Scale, { grid, faint }: Theme): string {
  return MARKS.filter((mark) => mark >= least && mark <= greatest)
    .map((mark) => {
      const at = x(mark).toFixed(1);
      const label = mark === 1 ? "Medusa" : `${mark.toLocaleString("en")}×`;
      const width = mark === 1 ? 2 : 1;
      return [
        `<path d="M${at} ${TOP + 6}V${bottom}" stroke="${grid}" stroke-width="${width}"/>`,
        text(Number(at), TOP, label, `text-anchor="middle" font-size="11" fill="${faint}"`),
      ].join("\n");
    })
    .join("\n");
}

function drawLine({ label, memory, own }: Line, y: number, scale: Scale, theme: Theme): string {
  const dots = [
    ...(own ? [drawDot(own, y, scale, theme.own)] : []),
    ...(memory ? [drawDot(memory, y, scale, theme.memory)] : []),
  ];
  return [text(LEFT - 14, y + 14, label, `text-anchor="end"`), ...dots].join("\n");
}

function drawDot({ min, median, max }: Spread, y: number, { x }: Scale, colour: string): string {
  const [left, middle, right] = [min, median, max].map((ratio) => x(ratio).toFixed(1));
  return [
    `<path d="M${left} ${y + 9.5}H${right}" stroke="${colour}" stroke-width="2"/>`,
    `<circle cx="${middle}" cy="${y + 9.5}" r="5" fill="${colour}"/>`,
    text(Math.max(Number(right), Number(middle) + 5) + 6, y + 14, `${timesText(median)}×`),
  ].join("\n");
}

const timesText = (ratio: number) => ratio.toFixed(ratio < 1 ? 2 : ratio < 100 ? 1 : 0);

const text = (x: number, y: number, words: string, attributes = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${words}</text>`;
