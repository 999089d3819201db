using System.Text.Json.Nodes;
using Kontena.Standalone;
using Microsoft.Extensions.Logging.Abstractions;

// The embedded API server alone in a process, so that a test can kill one. It starts when its input says so, which lets a test
// load the next process while the last one still runs. Arguments: data folder, port, file with a CustomResourceDefinition.
Console.WriteLine("loaded");
if (await Console.In.ReadLineAsync() != "start") return 1;

var crd = JsonNode.Parse(await File.ReadAllTextAsync(args[2]))!.AsObject();
var options = new StandaloneOptions
{
    DataDirectory = args[0],
    Port = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture),
    CustomResourceDefinitions = [crd],
};
await using var server = await StandaloneServer.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
Console.WriteLine(server.Address);

// The end of the input is the end of whoever started this: nothing may outlive the tests.
await Console.In.ReadToEndAsync();
return 0;
