/** What ECharts would make HTML or a link of. */
const UNSAFE = new Set(["link", "sublink", "toolbox"]);

/**
 * Draws a chart from its ECharts option as JSON. ECharts is loaded with the first chart, not with the page. What can't
 * be drawn is said where the chart would be: one bad chart must not take the answer with it.
 */
export async function drawChart(element: HTMLElement, configJson: string): Promise<void> {
  try {
    const option = safeOption(configJson);
    const { init } = await import("echarts");
    const chart = init(element, undefined, { renderer: "svg" });
    // Animations would only delay what is there already.
    chart.setOption({ ...option, animation: false });
    new ResizeObserver(() => chart.resize()).observe(element);
    element.dataset["drawn"] = "yes";
  } catch (error) {
    element.textContent = `This chart can't be drawn: ${error instanceof Error ? error.message : String(error)}`;
    element.dataset["drawn"] = "no";
  }
}

/** The option with nothing in it that becomes HTML or an address: it comes from a language model. */
export function safeOption(configJson: string): Record<string, unknown> {
  const option = JSON.parse(configJson, (key, value: unknown) => (UNSAFE.has(key) ? undefined : value)) as unknown;
  if (typeof option !== "object" || option === null || Array.isArray(option)) {
    throw new TypeError(`expected an object, got ${configJson.slice(0, 40)}`);
  }
  const { tooltip, ...rest } = option as { readonly tooltip?: unknown };
  if (typeof tooltip !== "object" || tooltip === null) return rest;
  return { ...rest, tooltip: { ...([tooltip].flat()[0] as object), renderMode: "richText" } };
}
