// Whether a result that is an error says that its tool was never run (platform reference 9.4).

/** Servers built with the first kit say in a result what others say as errors: these come before the tool is run. */
export function wasNotRun(text: string, tool: string): boolean {
  const said = text.replace(/^MCP error -32602: /, '');
  return (
    [`Tool ${tool} not found`, `Tool ${tool} disabled`, `Unknown tool: ${tool}`].includes(said) ||
    said.startsWith(`Input validation error: Invalid arguments for tool ${tool}`)
  );
}
