using System.ComponentModel;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>Where a node's Kontena Node ID comes from.</summary>
public sealed record IdentitySpec
{
    [JsonDefault("\"Pinned\""), Description("Pinned: the operator chooses an id for every machine before it exists, so that it is unique by construction. Engine: the id is that of the machine's own Docker Engine.")]
    public IdentityMode Mode { get; init; } = IdentityMode.Pinned;

    [JsonDefault("\"Report\""), Description("What to do about a node whose id another node has. Report: say so, and keep the one that came later out of Ready. Replace: delete the one that came later as well, so that the pool makes another; one at a time.")]
    public ConflictAction OnConflict { get; init; } = ConflictAction.Report;
}

/// <summary>What is done about a node whose id another node has.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConflictAction>))]
public enum ConflictAction
{
    Report,
    Replace,
}

/// <summary>Who chooses a node's id.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdentityMode>))]
public enum IdentityMode
{
    Pinned,
    Engine,
}
