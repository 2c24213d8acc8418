// Health check of a container: exits with 0 when its service is ready, else with 1.
const response = await fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`, {
  signal: AbortSignal.timeout(5000),
});
if (!response.ok) console.error(await response.text());
process.exitCode = response.ok ? 0 : 1;
