using System.Text.Json.Nodes;
using Kontena.TestKit.GitOps;

namespace Kontena.EndToEnd.GitOps;

/// <summary>One version of an object as a watch sent it, and what kstatus makes of it.</summary>
/// <param name="Type">ADDED, MODIFIED or DELETED.</param>
internal sealed record JudgedVersion(string Type, JsonObject Object, Kstatus Judgement)
{
    public string Kind => (string)Object["kind"]!;

    public string Name => (string)Object["metadata"]!["name"]!;

    public string Uid => (string)Object["metadata"]!["uid"]!;

    public long Generation => (long)Object["metadata"]!["generation"]!;

    public override string ToString() => $"{Type} {Kind} {Name} generation {Generation}: {Judgement.Verdict} ({Judgement.Message})";
}
