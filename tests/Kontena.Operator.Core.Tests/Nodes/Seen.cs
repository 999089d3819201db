using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>Builds what a lifecycle is shown, starting from a node that has nothing yet.</summary>
internal static class Seen
{
    public const string MachineId = "aws:///eu-west-1a/i-0123456789abcdef0";

    public static NodeSeen New { get; } = new()
    {
        Name = "web-0",
        Uid = "node",
        Now = Samples.Noon,
        Promises = CloudModel.Keyed,
        Installation = "here",
        Credentials = "c1",
        Sight = new MachineSight(Samples.Noon, []),
        Spec = new KontenaNodeSpec
        {
            PoolName = "web",
            PoolUID = "pool",
            Revision = "1",
            Ordinal = 0,
            Zone = "a",
            Provider = new ProviderSpec { Aws = Samples.Aws },
        },
    };

    /// <summary>With an attempt that this process opened and has not sent.</summary>
    public static NodeSeen WithAttempt(int number = 1) => New with
    {
        Spec = New.Spec with { Attempt = Attempt(number) },
        Trace = AttemptTrace.Opened(number),
    };

    public static NodeSeen WithMachine(MachineState? listed = MachineState.Running) => WithAttempt() with
    {
        Spec = New.Spec with { Attempt = Attempt(1), ProviderID = MachineId },
        Sight = listed is { } state ? new MachineSight(Samples.Noon, [Machine(state)]) : MachineSight.Nothing,
    };

    public static NodeSeen Refused(DriverFault fault, bool outcomeUnknown = false, int number = 1)
    {
        var seen = WithAttempt(number);
        return seen with { Trace = seen.Trace.AfterRefused(new DriverException(fault, "said no.") { OutcomeUnknown = outcomeUnknown }, Samples.Noon, "c1") };
    }

    public static Machine Machine(MachineState state = MachineState.Running, string? token = null, int attempt = 1, string node = "node") => new()
    {
        ProviderId = MachineId,
        State = state,
        Marks = new MachineMarks("here", "pool", node, attempt),
        Token = token ?? Token.Of("node", attempt),
        Addresses = ["10.0.0.4"],
        Zone = "eu-west-1a",
    };

    public static NodeSeen At(this NodeSeen seen, TimeSpan later) => seen with { Now = Samples.Noon + later };

    private static CreateAttempt Attempt(int number) => new()
    {
        Number = number,
        NodeUID = "node",
        Token = Token.Of("node", number),
        Zone = "a",
        Type = "t3.small",
        Image = "ami-1",
        BootstrapRef = "secret",
        BootstrapHash = "hash",
        OpenedAt = Samples.Noon,
    };
}
