import { httpLaws } from "./laws/http-laws.ts";
import { bareApp } from "./support/subjects.ts";

httpLaws(bareApp);
