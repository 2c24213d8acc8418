/** A jest reporter that prints the ten slowest test files at the end of a run, so that slow tests are noticed early. */
module.exports = class SlowestFiles {
  onRunComplete(_contexts, { testResults }) {
    if (testResults.length < 10) return;
    const files = testResults
      .map(({ testFilePath, perfStats }) => ({ path: testFilePath, seconds: (perfStats.end - perfStats.start) / 1000 }))
      .sort((one, other) => other.seconds - one.seconds);
    const lines = files.slice(0, 10).map(({ path, seconds }) => {
      return `${seconds.toFixed(1).padStart(7)} s  ${path.slice(process.cwd().length + 1)}`;
    });
    console.error(`\nThe ten slowest of ${files.length} test files:\n${lines.join('\n')}`);
  }
};
