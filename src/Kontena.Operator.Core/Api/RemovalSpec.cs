using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>How nodes are taken away when a pool shrinks.</summary>
public sealed record RemovalSpec
{
    /// <summary>Where the pool does not say.</summary>
    public static readonly TimeSpan UsualDrainTimeout = TimeSpan.FromMinutes(10);

    [JsonDefault("\"Newest\""), Description("Which nodes go first when the pool shrinks. Nodes that have no machine yet, or whose machine failed, always go before healthy ones.")]
    public RemovalOrder Order { get; init; } = RemovalOrder.Newest;

    [MaxLength(32), RegularExpression(DurationText.Pattern), Description("How long a node of a grid is given to move its services elsewhere before its machine is terminated, e.g. 90s, 10m. Left out: 10m.")]
    public string? DrainTimeout { get; init; }
}

/// <summary>Which healthy nodes go first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RemovalOrder>))]
public enum RemovalOrder
{
    Newest,
    Oldest,
}
