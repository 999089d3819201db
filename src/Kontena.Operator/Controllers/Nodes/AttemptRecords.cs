using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>How an attempt is written down in the node's spec.</summary>
internal static class AttemptRecords
{
    /// <summary>The record of a launch that this node's record does not have: what the machine itself tells of it.</summary>
    public static CreateAttempt OfLaunch(NodeRound round, Machine machine, CreateAttempt? known)
    {
        var marks = machine.Marks!;
        var token = machine.Token ?? Token.Of(marks.NodeUid, marks.Attempt);
        return new CreateAttempt
        {
            Number = marks.Attempt,
            NodeUID = round.Uid,
            Token = token.Length <= 64 ? token : token[..64],
            Zone = known?.Zone ?? round.Node.Spec.Zone,
            Type = machine.Type,
            Image = machine.Image,
            // Its Secret may be gone, and is needed no more: no call of this launch will be repeated.
            BootstrapRef = "",
            BootstrapHash = "",
            OpenedAt = machine.CreatedAt ?? DateTimeOffset.UnixEpoch,
        };
    }

    /// <summary>The fields of the node's spec that tell of an attempt, as a merge patch writes them.</summary>
    /// <param name="kontenaName">The name that its machine has in its grid already; null: the node's own.</param>
    public static JsonObject Spec(KontenaNode node, CreateAttempt attempt, string? providerId, string? kontenaName = null)
    {
        var spec = new JsonObject { ["attempt"] = JsonSerializer.SerializeToNode(attempt, KontenaJson.Of<CreateAttempt>()) };
        if (providerId is not null) spec["providerID"] = providerId;
        if (node.Spec is { GridRef: not null, KontenaName: null }) spec["kontenaName"] = kontenaName ?? EntryObservation.NameOf(node);
        return spec;
    }
}
