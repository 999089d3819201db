using Kontena.Benchmarks;
using Kontena.Benchmarks.Parts;

// See docs/benchmarks.md. Started by itself, the program is one of its own parts: serve FOLDER.
if (args is ["serve", var folder]) return await EmbeddedPart.ServeAsync(folder);
if (BenchmarkOptions.Parse(args) is { } options) return await BenchmarkRun.RunAsync(options, CancellationToken.None);
await Console.Error.WriteLineAsync(BenchmarkOptions.Usage);
return 2;
