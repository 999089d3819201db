using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Machines;

/// <summary>Everything a create call is built from. Equal requests must become equal calls, byte for byte.</summary>
public sealed record MachineRequest
{
    /// <summary>Name shown at the provider: the KontenaNode's.</summary>
    public required string Name { get; init; }

    public required MachineMarks Marks { get; init; }

    public required CreateAttempt Attempt { get; init; }

    /// <summary>The node's snapshot of the provider block.</summary>
    public required ProviderSettings Settings { get; init; }

    /// <summary>Secret: never logged, never in an exception.</summary>
    public required ReadOnlyMemory<byte> UserData { get; init; }

    public override string ToString() => $"machine {Name}, attempt {Attempt.Number}";
}
