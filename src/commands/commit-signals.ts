import type { Knex } from "knex";

const listeners = new WeakMap<Knex, Map<string, () => void>>();
const pending = new WeakMap<Knex, Set<string>>();

/** Calls `listener` in this process after each transaction that commits with this signal. */
export function onCommitSignal(database: Knex, signal: string, listener: () => void): void {
  const known = listeners.get(database) ?? new Map();
  listeners.set(database, known.set(signal, listener));
}

/** Sends a signal to the listener of this process once the transaction is committed. */
export function signalOnCommit(trx: Knex.Transaction, signal: string): void {
  pending.set(trx, (pending.get(trx) ?? new Set()).add(signal));
}

/** Sends the signals of a transaction that is committed. */
export function sendSignals(database: Knex, trx: Knex.Transaction | undefined): void {
  if (!trx) return;
  for (const signal of pending.get(trx) ?? []) listeners.get(database)?.get(signal)?.();
}
