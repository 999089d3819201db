namespace Kontena.TestKit.Kubectl;

/// <summary>What a finished command left behind; texts are complete and unchanged.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>This result, or an <see cref="InvalidOperationException"/> with everything the command said when it failed.</summary>
    public CommandResult Succeeded() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"{CommandLine}: exit code {ExitCode}\n{Output}{Error}");
}
