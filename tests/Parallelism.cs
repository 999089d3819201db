[assembly: Parallelizable(ParallelScope.All)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
// Workers are held during awaits; eight keep two cores busy in suites that wait on loopback.
[assembly: LevelOfParallelism(8)]
