namespace Kontena.Operator.Core.Grids;

/// <summary>What the Master's <c>health</c> says of a node.</summary>
/// <param name="EtcdHealthy">Null where its agent could not tell.</param>
/// <param name="Trouble">The Master's own sentence where the node is not connected or does not answer, e.g. "Websocket connection rejected at … with code 4020: …". Holds no secret.</param>
public sealed record NodeHealth(bool? EtcdHealthy, string? Trouble)
{
    /// <summary>Connected, and its etcd (or proxy) works.</summary>
    public bool IsHealthy => EtcdHealthy == true && Trouble is null;
}
