/**
 * Draws a chart from its ECharts option as JSON. ECharts is loaded with the first chart, not with the page. What can't
 * be drawn is said where the chart would be: one bad chart must not take the answer with it.
 */
export async function drawChart(element: HTMLElement, configJson: string): Promise<void> {
  try {
    const option = JSON.parse(configJson) as Record<string, unknown>;
    const { init } = await import("echarts");
    // The box has its size once it is in the page; animations would only delay what is there already.
    init(element, undefined, { renderer: "svg" }).setOption({ ...option, animation: false });
    element.dataset["drawn"] = "yes";
  } catch (error) {
    element.textContent = `This chart can't be drawn: ${error instanceof Error ? error.message : String(error)}`;
    element.dataset["drawn"] = "no";
  }
}
