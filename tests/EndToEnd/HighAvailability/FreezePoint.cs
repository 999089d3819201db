namespace Kontena.EndToEnd.HighAvailability;

/// <summary>When a call that was held on its way to the server comes there, its sender still standing still.</summary>
internal enum Delivery
{
    /// <summary>As soon as the other has the lease: the two are at the same thing.</summary>
    AtTakeover,

    /// <summary>When the other has done all that was asked.</summary>
    WhenSettled,
}

/// <summary>
/// Where the leader is stopped by SIGSTOP: at a call of its own. Held on its way there, the call is what was still on its way when the lease
/// ended. Held on its way back, the leader wakes with an answer from before its lease ended, and wants to go on.
/// </summary>
/// <param name="Before">Nodes of the pool when it is asked for <paramref name="After"/>.</param>
internal sealed record FreezePoint(string Name, int Before, int After, Moment Moment, Func<GateCall, bool> Is, Delivery Delivery = Delivery.WhenSettled)
{
    public static IReadOnlyList<FreezePoint> All { get; } =
    [
        new("the node's creation comes at the takeover", 1, 2, Moment.Arrived, c => c.IsOf("POST", "kontenanodes"), Delivery.AtTakeover),
        new("the node was created", 1, 2, Moment.Answered, c => c.IsOf("POST", "kontenanodes")),
        new("the attempt's record comes at the takeover", 1, 2, Moment.Arrived, IsAttempt, Delivery.AtTakeover),
        new("the attempt's record comes when all is done", 1, 2, Moment.Arrived, IsAttempt),
        new("the attempt was recorded, the launch is next", 1, 2, Moment.Answered, IsAttempt),
        new("the launch comes at the takeover", 1, 2, Moment.Arrived, c => c.Action == "RunInstances", Delivery.AtTakeover),
        new("the launch comes when all is done", 1, 2, Moment.Arrived, c => c.Action == "RunInstances"),
        new("the launch was carried out, its record is next", 1, 2, Moment.Answered, c => c.Action == "RunInstances"),
        new("the termination comes when all is done", 2, 1, Moment.Arrived, c => c.Action == "TerminateInstances"),
        new("the finalizer's removal comes when all is done", 2, 1, Moment.Arrived, c => c.IsOf("PATCH", "kontenanodes") && c.Removes("/metadata/finalizers")),
    ];

    public override string ToString() => Name;

    private static bool IsAttempt(GateCall call) => call.IsOf("PATCH", "kontenanodes") && call.Sets("attempt");
}
