import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";

/** A page and what went wrong on it. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /**
   * What nobody handled, so far: uncaught errors, unhandled rejections, messages of level error on the console (of the
   * page and of its workers), each as one line that begins with its kind.
   */
  readonly problems: readonly string[];
}

/** A running Chromium; disposing it ends the process. */
export interface Chromium extends AsyncDisposable {
  /** Opens a page in a context of its own: nothing is shared with other pages, service workers neither. */
  open(url: string): Promise<WatchedPage>;
}

/** Starts the program at `path`, without a window. */
export async function launchChromium(path: string): Promise<Chromium> {
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: [
      // Chromium refuses to run its sandbox as root, as containers do.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      // /dev/shm of a container is often too small for a page.
      "--disable-dev-shm-usage",
    ],
  });
  return {
    open: (url) => open(browser, url),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function open(browser: Browser, url: string): Promise<WatchedPage> {
  const context = await browser.newContext();
  const problems: string[] = [];
  // Both are told for the whole context: workers log there too, and a rejection that nobody handles is an error there.
  context.on("weberror", (error) => problems.push(`uncaught: ${describe(error.error())}`));
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  // A bound for what never comes, on a machine that may be busy; what comes is seen at once.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(url);
  return {
    page,
    problems,
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function describe(error: Error): string {
  return error.stack ?? error.message;
}
