import { httpLaws } from "./laws/http-laws.ts";
import { mswInNode } from "./support/subjects.ts";

httpLaws(mswInNode);
