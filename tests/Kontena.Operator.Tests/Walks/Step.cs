namespace Kontena.Operator.Tests.Walks;

/// <summary>
/// One step of a walk, as data. The numbers say which of what there is, and how much: they are taken modulo, so that a step means something
/// in whatever state it finds the world, and a walk from which steps were taken out is still a walk.
/// </summary>
internal sealed record Step(StepKind Kind, int A = 0, int B = 0, int C = 0)
{
    public override string ToString() => $"new({nameof(StepKind)}.{Kind}, {A}, {B}, {C}),";
}

internal enum StepKind
{
    // The user
    Apply,
    Scale,
    DeletePool,
    DeleteNode,
    EditTypes,
    EditUserData,
    Pause,
    Unpause,
    MoveToSecret,
    RotateCredentials,
    SpoilCredentials,
    DeleteCredentials,
    TakeForeignCredentials,
    Abandon,

    // The cloud
    TerminateByHand,
    Vanish,
    Stop,
    StartAgain,
    PlaceForeign,
    Drought,
    Quota,
    Hide,
    CloudTrouble,
    Blind,
    BreakPromises,
    CloudDown,
    CloudUp,

    // The API server
    ApiTrouble,
    ApiDown,
    ApiUp,
    FreezeWatch,
    ThawWatch,
    EndWatches,
    Compact,

    // The grid: users and its Master
    AbandonEntry,
    DeleteGrid,
    MakeGrid,
    RemoveEntry,
    RelabelEntry,
    PlaceForeignEntry,
    MasterTrouble,
    MasterDown,
    MasterUp,

    // The operator and time
    Hold,
    Turn,
    Settle,
    Advance,
    Wake,
    Die,
    Depose,
}
