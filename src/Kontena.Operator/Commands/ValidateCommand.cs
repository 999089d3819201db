using System.CommandLine;

namespace Kontena.Operator.Commands;

/// <summary><c>validate</c>: says of manifests what the API server would say, without one.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<FileInfo[]> Files = new("files") { Description = "YAML or JSON files with NodePools and Grids; other kinds are passed over.", Arity = ArgumentArity.OneOrMore };

    public static Command Build()
    {
        var command = new Command("validate", "Check manifests of NodePools and Grids without a cluster.") { Files };
        command.SetAction((parsed, ct) => RunAsync(parsed, ct));
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken ct) =>
        ManifestCheck.RunAsync(parsed.GetValue(Files)!, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, ct);
}
