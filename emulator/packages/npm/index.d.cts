/** Where the program `asmith` lies. */
declare const asmith: string;
export = asmith;
