using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>
/// The clients of Masters, one a Grid, made from the Grid and its Secrets. A Secret or URL that changes makes a new one; the old one is closed
/// once no call can be on its way in it any more.
/// </summary>
/// <param name="open">Makes the bare client.</param>
/// <param name="mayWrite">Asked before each write.</param>
internal sealed class GridConnections(GridSecrets secrets, TimeProvider time, Func<MasterEndpoint, TimeProvider, IKontenaMaster> open, Func<bool> mayWrite) : IDisposable
{
    /// <summary>Longer than any call.</summary>
    private static readonly TimeSpan ClosedAfter = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, OpenGrid> clients = [];
    private readonly List<(IKontenaMaster Master, long Since)> retired = [];

    public GridSecrets Secrets => secrets;

    /// <exception cref="MasterException">A Secret is missing, unreadable or of no use: the message says what to create.</exception>
    public async Task<OpenGrid> OpenAsync(Grid grid, CancellationToken ct)
    {
        var (token, held) = await secrets.TokenAsync(grid.Metadata.Key, grid.Spec.Master.TokenRef, ct);
        string? ca = null;
        if (grid.Spec.Master.CaRef is { } reference)
        {
            (ca, var caHeld) = await secrets.CaAsync(grid.Metadata.Key, reference, ct);
            held &= caHeld;
        }
        if (!Uri.TryCreate(grid.Spec.Master.Url, UriKind.Absolute, out var url))
            throw new MasterException(MasterFault.NotAMaster, $"{grid.Spec.Master.Url} is no URL. Correct spec.master.url.");
        var endpoint = new MasterEndpoint(url, grid.Spec.Name ?? grid.Metadata.Name!, token) { Ca = ca };
        return ClientOf(grid.Metadata.Uid!, endpoint) with { SecretsHeld = held };
    }

    /// <summary>The Grid is gone.</summary>
    public void Close(string gridUid)
    {
        lock (gate)
        {
            if (clients.Remove(gridUid, out var gone)) retired.Add((gone.Master, time.GetTimestamp()));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var master in clients.Values.Select(c => c.Master).Concat(retired.Select(r => r.Master))) (master as IDisposable)?.Dispose();
            clients.Clear();
            retired.Clear();
        }
    }

    private OpenGrid ClientOf(string uid, MasterEndpoint endpoint)
    {
        lock (gate)
        {
            foreach (var (master, _) in retired.Where(r => time.GetElapsedTime(r.Since) > ClosedAfter)) (master as IDisposable)?.Dispose();
            retired.RemoveAll(r => time.GetElapsedTime(r.Since) > ClosedAfter);
            if (clients.TryGetValue(uid, out var known))
            {
                if (known.Endpoint == endpoint) return known;
                retired.Add((known.Master, time.GetTimestamp()));
            }
            return clients[uid] = new OpenGrid(endpoint, new FencedMaster(open(endpoint, time), mayWrite), SecretsHeld: false);
        }
    }
}

/// <summary>A client and what it was made from.</summary>
/// <param name="SecretsHeld">Each Secret was last seen with our finalizer.</param>
internal sealed record OpenGrid(MasterEndpoint Endpoint, IKontenaMaster Master, bool SecretsHeld);
