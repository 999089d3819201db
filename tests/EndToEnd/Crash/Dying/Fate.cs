using Kontena.EndToEnd.Crash.Recording;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>What becomes of a process, and at which call.</summary>
internal abstract record Fate(CallPoint At, Moment Moment)
{
    /// <summary>Killed: nothing of it reaches the API server or the cloud any more.</summary>
    internal sealed record Dies(CallPoint At, Moment Moment) : Fate(At, Moment);

    /// <summary>Stands still, clock and all, as a suspended one does, until it is woken.</summary>
    internal sealed record StandsStill(CallPoint At, Moment Moment) : Fate(At, Moment);

    public bool Strikes(CallPoint? point) => point is not null && point.Nth == At.Nth && point.Call.Text == At.Call.Text;
}

internal enum Moment
{
    /// <summary>The call is not made.</summary>
    Before,

    /// <summary>The call is carried out; nobody sees the answer.</summary>
    After,
}
