import { enter, launch, open, verdict, box, url } from "./page.mjs";
import { readFileSync } from "node:fs";
import { STATES } from "./samples.mjs";
const browser = await launch();
const corpus = readFileSync("/work/shared/corpus/failures.jsonl", "utf8").trim().split("\n").map(JSON.parse);
export { browser, corpus, enter, open, verdict, box, STATES };
