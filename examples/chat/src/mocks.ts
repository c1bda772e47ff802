import { type HttpFault, handlers } from "@ondash/msw";
import { type SetupWorker, setupWorker } from "msw/browser";
import customChart from "../../../scenarios/custom-chart.yaml";
import fatalError from "../../../scenarios/fatal-error.yaml";
import multiChart from "../../../scenarios/multi-chart.yaml";
import partialFailure from "../../../scenarios/partial-failure.yaml";
import salesChart from "../../../scenarios/sales-chart.yaml";
import slowModel from "../../../scenarios/slow-model.yaml";
import warningThenSuccess from "../../../scenarios/warning-then-success.yaml";

// `?speed=0` answers at once; `?cut=4` lets every connection break, the first one after four events.
const wishes = new URLSearchParams(location.search);
const cut = wishes.get("cut");
const faults: readonly HttpFault[] =
  cut === null
    ? []
    : [1, 2, 3, 4].map((nth) => ({ do: "cut", after: nth === 1 ? Number(cut) : 0, nth }) satisfies HttpFault);

/** The backend, played from scenarios in the page's service worker. The first that matches a message answers it. */
export const worker: SetupWorker = setupWorker(
  ...handlers([multiChart, salesChart, partialFailure, fatalError, warningThenSuccess, slowModel, customChart], {
    speed: Number(wishes.get("speed") ?? 1),
    faults,
  }),
);
