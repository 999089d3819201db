namespace Kontena.Simulator.Kontena.Rest;

/// <summary>What a request asks for.</summary>
/// <param name="Action">Method and path with names of parameters, as the ledger and faults call it.</param>
/// <param name="Answer">Carries it out. The caller's token is null where the call asks for none.</param>
internal sealed record RestRoute(string Action, string? Grid, string? Node, bool NeedsToken, Func<AccessToken?, CancellationToken, ValueTask<RestAnswer>> Answer)
{
    /// <summary>A call that needs a token and does not wait.</summary>
    public static RestRoute At(string action, string? grid, string? node, Func<AccessToken, RestAnswer> answer) => new(action, grid, node, true,
        (user, _) => ValueTask.FromResult(answer(user ?? throw new InvalidOperationException($"{action} was let through without a token."))));

    public static RestRoute Open(string action, Func<RestAnswer> answer) => new(action, null, null, false, (_, _) => ValueTask.FromResult(answer()));
}
