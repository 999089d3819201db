namespace Kontena.EndToEnd.Crash.Recording;

/// <summary>One call of a run: the n-th of that name, from 1.</summary>
internal sealed record CallPoint(CallName Call, int Nth)
{
    public override string ToString() => $"{Call} #{Nth}";
}
