// Where the program `asmith` lies: `require("activitysmith-kit-emulator")`.

module.exports = require("node:path").join(__dirname, "asmith");
