// Loaded before a program: prints at its end the most memory that the process had, in kilobytes.

process.on("exit", () => require("node:fs").writeSync(1, `${process.resourceUsage().maxRSS}`));
