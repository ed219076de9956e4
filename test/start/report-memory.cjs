/** Loaded before the program: on SIGUSR2 prints what it has loaded, and how large its heap is. */
process.on("SIGUSR2", () => {
  const packages = Object.keys(require.cache).map(
    (file) => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1],
  );
  const report = { packages: [...new Set(packages)], heapBytes: process.memoryUsage().heapTotal };
  console.log(`Report: ${JSON.stringify(report)}.`);
});
