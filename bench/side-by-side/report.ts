import type { Workload } from "./figures.ts";

/** The names of the servers, as the figures have them. */
export const NETTLE = "Nettle";
export const UNCACHED = "Nettle, no memory";
export const MEDUSA = "Medusa 1.20.11";
export const BARE_HTTP = "bare node:http";
export const BARE_EXPRESS = "bare Express";
export const POSTGRESQL = "PostgreSQL alone";
/** Nettle without memory on the demo shop, beside one with many products. */
export const DEMO = "Nettle, demo shop";

/** How a server starts, and what it takes at rest. */
export interface Start {
  readonly server: string;
  /** Milliseconds from the start of the process to the first answer, a value a start. */
  readonly firstAnswers: readonly number[];
  /** Megabytes after some idle seconds. */
  readonly atRest: number;
}

/** What a server did at one number of connections in the mixed storefront. */
export interface MixedLevel {
  readonly server: string;
  readonly connections: number;
  /** Checkouts that were completed, a second. */
  readonly orders: number;
  /** The part of the catalogue's reads that came from memory, from 0 to 1. Nettle only. */
  readonly hitRate?: number;
  /** Milliseconds until a refusal arrived, the median; absent if nothing was refused. */
  readonly refusedP50?: number;
}

/** What a light load of 8 connections took after the greatest one. */
export interface Recovery {
  readonly server: string;
  /** Milliseconds, of each second after the end of the overload. */
  readonly p99s: readonly number[];
}

/** What a run has measured. The documents are written from it. */
export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly isQuick: boolean;
  /** How many products were added to the demo shop. */
  readonly products: number;
  readonly rounds: number;
  /** Of each round. */
  readonly seconds: number;
  /** Whether there was a Redis, and whether Medusa had its modules for it. */
  readonly redis: "none" | "sessions" | "sessions and Medusa's modules";
  readonly workloads: readonly Workload[];
  readonly start?: readonly Start[];
  readonly mixed?: readonly MixedLevel[];
  readonly recovery?: readonly Recovery[];
  /** Milliseconds from a COMMIT elsewhere to the first answer that shows it. */
  readonly delay?: { readonly p50: number; readonly p95: number };
  /** A single long mixed run: what each minute had. */
  readonly minutes?: readonly Minute[];
}

export interface Minute {
  /** Megabytes of the process. */
  readonly memory: number;
  /** Megabytes of catalogue answers that it keeps. */
  readonly kept: number;
  readonly answers: number;
  readonly p99: number;
}
