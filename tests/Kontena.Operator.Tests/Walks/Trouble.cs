using Kontena.Kubernetes.Client;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using ApiFault = Kontena.TestKit.MemoryApi.Fault;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What goes wrong with the next calls of a kind.</summary>
/// <param name="Operation">Null: any.</param>
internal sealed record Trouble(Side Side, string? Operation, TroubleKind Kind)
{
    public int Left { get; set; }

    /// <summary>The call is carried out, then goes wrong.</summary>
    public bool AfterEffect => Kind == TroubleKind.AnswerLost;

    public bool Hits(CallSite call) => Left > 0 && call.Side == Side && (Operation is null || Operation == call.Operation) && Fits(call);

    public Exception Fault(CallSite call) => call.Side switch
    {
        Side.Api => OfApi(),
        Side.Master => OfMaster(call),
        _ => OfCloud(call),
    };

    private bool Fits(CallSite call) => Kind switch
    {
        TroubleKind.Conflict => call is { Side: Side.Api, Operation: "update" or "patch" },
        TroubleKind.HeldBack => call is { Side: Side.Cloud or Side.Master, Operation: "create" or "delete" or "update" },
        TroubleKind.NoCapacity => call is { Side: Side.Cloud, Operation: "create" },
        TroubleKind.AnswerLost => call.Operation != "watch",
        _ => true,
    };

    private KubeFault OfApi() => Kind switch
    {
        TroubleKind.Unavailable => ApiFault.Unavailable(),
        TroubleKind.Throttled => ApiFault.Throttled(TimeSpan.FromSeconds(2)),
        TroubleKind.NotAllowed => ApiFault.Forbidden("trouble"),
        TroubleKind.Unreachable => ApiFault.Unreachable(),
        TroubleKind.Conflict => ApiFault.Conflict("trouble"),
        TroubleKind.AnswerLost => ApiFault.AnswerLost(),
        _ => throw new InvalidOperationException($"{Kind} is none of the API's"),
    };

    private MasterException OfMaster(CallSite call) => Kind switch
    {
        TroubleKind.Unavailable => new MasterException(MasterFault.Unavailable, "500") { OutcomeUnknown = call.IsWrite },
        TroubleKind.Throttled => new MasterException(MasterFault.Throttled, "429"),
        TroubleKind.NotAllowed => new MasterException(MasterFault.BadToken, "the token is not taken"),
        TroubleKind.Unreachable => new MasterException(MasterFault.Unreachable, "connection refused"),
        TroubleKind.AnswerLost or TroubleKind.HeldBack => new MasterException(MasterFault.Unreachable, "connection lost") { OutcomeUnknown = call.IsWrite },
        _ => throw new InvalidOperationException($"{Kind} is none of the Master's"),
    };

    private DriverException OfCloud(CallSite call) => Kind switch
    {
        TroubleKind.Unavailable => new DriverException(DriverFault.Unavailable, "503") { OutcomeUnknown = call.IsWrite },
        TroubleKind.Throttled => new DriverException(DriverFault.Throttled, "slow down"),
        TroubleKind.NotAllowed => new DriverException(DriverFault.NotAllowed, "denied"),
        TroubleKind.Unreachable => new DriverException(DriverFault.Unavailable, "connection refused"),
        TroubleKind.NoCapacity => new DriverException(DriverFault.NoCapacity, "no room just now"),
        TroubleKind.AnswerLost or TroubleKind.HeldBack => new DriverException(DriverFault.Unavailable, "connection lost") { OutcomeUnknown = call.IsWrite },
        _ => throw new InvalidOperationException($"{Kind} is none of the cloud's"),
    };
}

internal enum Side
{
    Api,
    Cloud,
    Master,
}

internal enum TroubleKind
{
    Unavailable,
    Throttled,
    NotAllowed,
    Unreachable,
    Conflict,
    NoCapacity,

    /// <summary>Carried out, and nobody hears of it.</summary>
    AnswerLost,

    /// <summary>No answer, and carried out some time later.</summary>
    HeldBack,
}

/// <summary>One call of the operator.</summary>
internal sealed record CallSite(Side Side, string Operation, string What)
{
    public bool IsWrite => Operation is "create" or "update" or "patch" or "delete";

    public override string ToString() => $"{Side} {Operation} {What}";
}
