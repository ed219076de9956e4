const USAGE = `Nettle, the Medusa v1 Store API

  nettle serve            start the server; without DATABASE_URL with a database of its own and a demo shop
  nettle migrate          bring the database to this version; adopts one that Medusa 1.20 built
  nettle seed             fill a new database with the demo shop
  nettle search rebuild   make the index of the product search anew
  nettle help             show this

Settings are read from the environment and from .env; .env.example explains them all.`;

/** Prints what the program can do. */
export async function help(): Promise<void> {
  console.log(USAGE);
}
