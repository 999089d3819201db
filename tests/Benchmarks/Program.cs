using System.Globalization;
using Kontena.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks [-- NODES [SETTLED_SECONDS]]
var nodes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
var settled = TimeSpan.FromSeconds(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 60);
await PoolBenchmark.RunAsync(nodes, settled, CancellationToken.None);
