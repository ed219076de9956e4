#!/usr/bin/env node
import { keepYoungGenerationSmall } from "../runtime/young-generation.ts";

// Modules are evaluated after those that they import, so the program is imported later.
keepYoungGenerationSmall();
await import("./program.ts");
