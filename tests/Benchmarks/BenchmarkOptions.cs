using System.Globalization;

namespace Kontena.Benchmarks;

/// <summary>What is asked for on the command line.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        Benchmarks [embedded] [real] [change] [replicasets] [ports] [identity] [all] [--nodes 1000] [--settled 60] [--changes 200] [--rounds 3]
          embedded, real   one pool from apply to Ready, what it cost, and what a settled while costs
          change           the time from one change to the cloud's call, on both servers
          replicasets      children a second beside kube-controller-manager's ReplicaSet controller
          ports            the decisions about a firewall with 5,000 rules
          identity         one look at the ids of 10,000 nodes
          all              all of these; so does no name at all
        """;

    private static readonly string[] Known = ["embedded", "real", "change", "replicasets", "ports", "identity"];

    public IReadOnlySet<string> Scenarios { get; init; } = new HashSet<string>(Known);

    public int Nodes { get; init; } = 1000;

    public TimeSpan Settled { get; init; } = TimeSpan.FromSeconds(60);

    public int Changes { get; init; } = 200;

    public int Rounds { get; init; } = 3;

    /// <summary>Null where the words cannot be understood.</summary>
    public static BenchmarkOptions? Parse(IReadOnlyList<string> words)
    {
        var options = new BenchmarkOptions();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "all") names.UnionWith(Known);
            else if (Known.Contains(words[i])) names.Add(words[i]);
            else if (i + 1 < words.Count && int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && options.With(words[i++], number) is { } changed) options = changed;
            else return null;
        }
        return names.Count == 0 ? options : options with { Scenarios = names };
    }

    private BenchmarkOptions? With(string name, int number) => name switch
    {
        "--nodes" when number > 0 => this with { Nodes = number },
        "--settled" when number > 0 => this with { Settled = TimeSpan.FromSeconds(number) },
        "--changes" when number > 0 => this with { Changes = number },
        "--rounds" when number > 0 => this with { Rounds = number },
        _ => null,
    };
}
