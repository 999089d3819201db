using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>One node of a <see cref="GridModel"/>: its object and its Secrets, which last, and the traces, which a process loses.</summary>
internal sealed class GridNodeModel(int number)
{
    public string Name { get; } = $"web-{number}";

    public string Uid { get; } = $"uid-{number}";

    public string Kontena => KontenaName.Of(Name, Uid);

    public KontenaNodeSpec Spec { get; set; } = new()
    {
        PoolName = "web",
        PoolUID = "pool",
        Revision = "1",
        Ordinal = number,
        Zone = "a",
        Provider = new ProviderSpec { Aws = Samples.Aws },
        GridRef = new GridRef { Name = "test" },
    };

    /// <summary>Token of each attempt that was ever prepared.</summary>
    public Dictionary<int, string> Tokens { get; } = [];

    public DateTimeOffset? DeletedAt { get; set; }

    public bool Deleting => DeletedAt is not null;

    public DateTimeOffset? JoinedAt { get; set; }

    /// <summary>The object is gone from the API.</summary>
    public bool Gone { get; set; }

    public AttemptTrace Trace { get; set; } = AttemptTrace.None;

    public MasterTrace MasterTrace { get; set; } = new() { Attempt = 0 };

    /// <summary>The process died: the next one knows what is written down, and that calls may still be on their way.</summary>
    public void Forget(DateTimeOffset takenOver)
    {
        var attempt = Spec.Attempt?.Number ?? 0;
        Trace = attempt == 0 ? AttemptTrace.None : AttemptTrace.Inherited(attempt, takenOver);
        MasterTrace = attempt == 0 ? new MasterTrace { Attempt = 0 } : MasterTrace.Inherited(attempt, takenOver + MasterTrace.MaxCommitDelay);
    }

    public void Open(NodeStep.OpenAttempt open, DateTimeOffset now)
    {
        Tokens[open.Number] = Canary.Of($"{Uid}-{open.Number}");
        Spec = Spec with
        {
            KontenaName = Kontena,
            Attempt = new CreateAttempt
            {
                Number = open.Number,
                NodeUID = Uid,
                Token = Token.Of(Uid, open.Number),
                Zone = open.Offering.Zone,
                Type = open.Offering.Type,
                Image = "ami-1",
                KontenaLabels = [$"{KontenaLabels.Node}={Uid}"],
                BootstrapRef = "s",
                BootstrapHash = "h",
                OpenedAt = now,
            },
        };
        Trace = AttemptTrace.Opened(open.Number);
        MasterTrace = MasterTrace.Next(open.Number);
    }

    public MachineMarks Marks => new("here", "pool", Uid, Spec.Attempt!.Number);
}
