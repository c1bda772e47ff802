import { httpLaws } from "./laws/http-laws.ts";
import { nodeServer } from "./support/subjects.ts";

httpLaws(nodeServer);
