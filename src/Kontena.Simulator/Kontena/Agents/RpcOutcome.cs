using System.Text.Json.Nodes;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>What became of a question to an agent.</summary>
internal abstract record RpcOutcome
{
    public sealed record Answered(JsonNode? Result) : RpcOutcome;

    public sealed record Failed(int Code, string Message) : RpcOutcome;

    public sealed record TimedOut : RpcOutcome;
}
