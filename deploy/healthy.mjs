// Whether the service of this container can do its work: exits 0 when it says so, 1 otherwise.
const response = await fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`, {
  signal: AbortSignal.timeout(5000),
});
if (!response.ok) console.error(await response.text());
process.exitCode = response.ok ? 0 : 1;
