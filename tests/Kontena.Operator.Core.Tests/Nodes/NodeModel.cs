using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>One node, an operator that may die before or after any step, and a cloud that misbehaves: the create protocol without I/O.</summary>
internal sealed class NodeModel(int seed, bool keyed, int trouble)
{
    private readonly Random random = new(seed);
    private AttemptTrace trace = AttemptTrace.None;
    private MachineSight sight = MachineSight.Nothing;
    private KontenaNodeSpec spec = new()
    {
        PoolName = "web",
        PoolUID = "pool",
        Revision = "1",
        Ordinal = 0,
        Zone = "a",
        Provider = new ProviderSpec { Aws = Samples.Aws },
    };

    public CloudModel Cloud { get; } = new(keyed, new Random(seed + 1)) { Trouble = trouble };

    public DateTimeOffset Now { get; private set; } = Samples.Noon;

    public bool Deleting { get; set; }

    /// <summary>The object is gone from the API.</summary>
    public bool Gone { get; private set; }

    public string? ProviderId => spec.ProviderID;

    public List<string> Story { get; } = [];

    public NodeStep Next() => NodeLifecycle.Next(Seen());

    /// <summary>One reconcile: steps until it waits, with a chance to die before and after each. Time passes.</summary>
    public void Reconcile(int deadliness)
    {
        Cloud.Tick(Now);
        if (Cloud.List(Now) is { } listing) sight = new MachineSight(listing.BegunAt, listing.Machines);
        for (var steps = 0; steps < 10 && !Gone; steps++)
        {
            var step = Next();
            Story.Add($"{Now:mm:ss} {step.GetType().Name} {step.Reason}");
            if (step is NodeStep.Wait) break;
            if (Dies(deadliness)) return;
            Do(step);
            if (Dies(deadliness)) return;
        }
        Now += TimeSpan.FromSeconds(random.Next(1, 15));
    }

    /// <summary>What a backup taken now holds of the node.</summary>
    public KontenaNodeSpec Backup() => spec;

    /// <summary>The data is put back, which takes a minute at least, and another process begins on it; the cloud went on meanwhile.</summary>
    public void PutBack(KontenaNodeSpec earlier)
    {
        Story.Add($"{Now:mm:ss} put back from attempt {spec.Attempt?.Number} {spec.ProviderID} to attempt {earlier.Attempt?.Number} {earlier.ProviderID}");
        spec = earlier;
        Now += TimeSpan.FromSeconds(random.Next(60, 120));
        trace = spec.Attempt is { } attempt ? AttemptTrace.Inherited(attempt.Number, Now) : AttemptTrace.None;
        sight = MachineSight.Nothing;
    }

    private bool Dies(int deadliness)
    {
        if (random.Next(100) >= deadliness) return false;
        Story.Add($"{Now:mm:ss} the operator dies");
        Now += TimeSpan.FromSeconds(random.Next(0, 30));
        trace = spec.Attempt is { } attempt ? AttemptTrace.Inherited(attempt.Number, Now) : AttemptTrace.None;
        sight = MachineSight.Nothing;
        return true;
    }

    private NodeSeen Seen() => new()
    {
        Name = "web-0",
        Uid = "node",
        Spec = spec,
        Deleting = Deleting,
        Now = Now,
        Promises = Cloud.Promises,
        Installation = "here",
        Credentials = "c",
        Trace = trace,
        Sight = sight,
    };

    private void Do(NodeStep step)
    {
        try
        {
            switch (step)
            {
                case NodeStep.OpenAttempt open:
                    spec = spec with { Attempt = Attempt(open) };
                    trace = AttemptTrace.Opened(open.Number);
                    break;
                case NodeStep.SendCreate:
                    trace = trace.AfterMade(Cloud.Create(Marks(), spec.Attempt!.Token, Now), Now);
                    break;
                case NodeStep.LookUp look:
                    trace = trace.AfterLook(Cloud.Find(look.Query, Now), Now, Cloud.Promises, "c");
                    break;
                case NodeStep.RecordProviderId record:
                    spec = spec with { ProviderID = record.ProviderId };
                    break;
                case NodeStep.RecordLaterAttempt later:
                    spec = spec with { Attempt = Attempt(new NodeStep.OpenAttempt(later.Machine.Marks!.Attempt, new Offering("a", "t3.small"), "", "")), ProviderID = later.Machine.ProviderId };
                    break;
                case NodeStep.Terminate terminate:
                    Cloud.Terminate(terminate.ProviderId);
                    trace = trace.AfterDeleteAsked(Now);
                    break;
                case NodeStep.DropFinalizer:
                    Gone = true;
                    break;
                default:
                    throw new InvalidOperationException($"unexpected {step}");
            }
        }
        catch (DriverException fault)
        {
            trace = step is NodeStep.SendCreate ? trace.AfterRefused(fault, Now, "c") : trace.AfterTrouble(fault, Now, "c");
        }
    }

    private MachineMarks Marks() => new("here", "pool", "node", spec.Attempt!.Number);

    private CreateAttempt Attempt(NodeStep.OpenAttempt open) => new()
    {
        Number = open.Number,
        NodeUID = "node",
        Token = Token.Of("node", open.Number),
        Zone = open.Offering.Zone,
        Type = open.Offering.Type,
        Image = "ami-1",
        BootstrapRef = "s",
        BootstrapHash = "h",
        OpenedAt = Now,
    };
}
