// jest takes no timeout from a project's configuration. This one only ends what would never end.
jest.setTimeout(60_000);
